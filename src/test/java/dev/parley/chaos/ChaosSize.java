package dev.parley.chaos;

import java.time.Duration;
import java.util.List;

/**
 * The size of the test: how much is published and how many faults are injected. The default is
 * small. {@code -Dparley.chaos=full} or properties for single numbers increase it.
 *
 * @param turns the number of turns, at least the number of sessions
 * @param kills how often an instance is killed, at least once: one kill is during the outage
 * @param outage how long DynamoDB is stopped
 * @param brokerRestarts how often the broker restarts, alternately after a shutdown and after a
 *     kill
 * @param jvmOptions the options of all JVMs; JVMs that end soon don't need the optimising compiler
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

    /** Returns how many records may be published but not committed: the work of some seconds. */
    int maxUncommitted() {
        return turns / 8;
    }
}
