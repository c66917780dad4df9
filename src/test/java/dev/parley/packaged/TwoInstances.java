package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import dev.parley.support.Metrics;
import dev.parley.support.SessionPublisher;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;

/**
 * Two instances of the packaged service on one topic and one table. Each has half the partitions.
 */
final class TwoInstances implements AutoCloseable {

    private final String name = "events-" + UUID.randomUUID();
    private final LocalTopics topics = LocalTopics.withTopic(name);
    private final ServiceProcess first;
    private final ServiceProcess second;
    private int sessions;

    /**
     * @param maxEventStreams the limit of each instance
     */
    TwoInstances(int maxEventStreams) {
        Map<String, String> settings =
                Map.of(
                        "parley.table.name",
                        name,
                        "parley.table.mode",
                        "create",
                        "parley.api.token-key",
                        "the same at both of the instances",
                        "parley.api.heartbeat",
                        "1s",
                        "parley.api.max-event-streams",
                        "" + maxEventStreams,
                        "mp.messaging.incoming.turns.topic",
                        name,
                        "mp.messaging.incoming.turns.group.id",
                        name);
        first = ServiceProcess.start(settings);
        second = ServiceProcess.start(settings);
    }

    void awaitReady() {
        awaiting().until(() -> partitions(first) == 3 && partitions(second) == 3);
    }

    ServiceProcess first() {
        return first;
    }

    ServiceProcess second() {
        return second;
    }

    /** Creates sessions of one turn until the second instance has written one, and returns that. */
    SessionPublisher sessionWrittenBySecond() throws Exception {
        while (true) {
            double before = applied(second);
            double beforeOfBoth = before + applied(first);
            SessionPublisher session = new SessionPublisher(topics, name + "-" + sessions++);
            session.publish(0);
            awaiting().until(() -> applied(first) + applied(second) > beforeOfBoth);
            if (applied(second) > before) {
                return session;
            }
        }
    }

    void awaitTurns(SessionPublisher session, int turns) {
        awaitText(session, "\"turnCount\":" + turns + ",");
    }

    void awaitRevised(SessionPublisher session, int number) {
        awaitText(session, "t-" + number + " again");
    }

    private void awaitText(SessionPublisher session, String text) {
        awaiting().until(() -> second.get(session.path()).body().contains(text));
    }

    private static double applied(ServiceProcess service) throws Exception {
        return metrics(service).records().getOrDefault("applied", 0.0);
    }

    private static double partitions(ServiceProcess service) throws Exception {
        return metrics(service).value("parley_partitions_assigned");
    }

    private static Metrics metrics(ServiceProcess service) throws Exception {
        return Metrics.of(service.get("/q/metrics").body());
    }

    static ConditionFactory awaiting() {
        return await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(50)).ignoreExceptions();
    }

    @Override
    public void close() {
        first.close();
        second.close();
        topics.close();
    }
}
