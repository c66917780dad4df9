package dev.parley.chaos;

import java.time.Duration;
import java.util.List;

/**
 * How much is published, and how much happens meanwhile: little by default, {@code
 * -Dparley.chaos=full} or single numbers make it more.
 *
 * @param turns as many as sessions at least
 * @param kills of the service, 1 at least: one while DynamoDB is away
 * @param outage how long DynamoDB is away
 * @param brokerRestarts alternately in order and by a kill
 * @param jvmOptions for all JVMs: those that soon end again are not worth optimising for
 */
record ChaosSize(
        int turns,
        int sessions,
        int kills,
        Duration outage,
        int brokerRestarts,
        List<String> jvmOptions) {

    private static final ChaosSize SHORT =
            new ChaosSize(
                    4_000,
                    100,
                    2,
                    Duration.ofSeconds(3),
                    1,
                    List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    private static final ChaosSize FULL =
            new ChaosSize(
                    200_000, 5_000, 10, Duration.ofSeconds(30), 2, List.of("-XX:+UseSerialGC"));

    static ChaosSize ofThisRun() {
        ChaosSize base = "full".equals(System.getProperty("parley.chaos")) ? FULL : SHORT;
        return new ChaosSize(
                Integer.getInteger("parley.chaos.turns", base.turns),
                Integer.getInteger("parley.chaos.sessions", base.sessions),
                Integer.getInteger("parley.chaos.kills", base.kills),
                base.outage,
                base.brokerRestarts,
                base.jvmOptions);
    }

    /** How many records may be published and not yet committed: some seconds' work. */
    int window() {
        return turns / 8;
    }
}
