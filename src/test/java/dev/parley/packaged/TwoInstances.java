package dev.parley.packaged;

import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import dev.parley.support.Conversation;
import dev.parley.support.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;

/** Two instances of the packaged service on one topic and one table, each with half the topic. */
final class TwoInstances implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String name = "events-" + UUID.randomUUID();
    private final LocalTopics topics = LocalTopics.withTopic(name);
    private final ServiceProcess here;
    private final ServiceProcess there;
    private int sessions;

    /**
     * @param maxEventStreams at each
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
        here = ServiceProcess.start(settings);
        there = ServiceProcess.start(settings);
    }

    void awaitReady() {
        awaiting().until(() -> partitions(here) == 3 && partitions(there) == 3);
    }

    ServiceProcess here() {
        return here;
    }

    ServiceProcess there() {
        return there;
    }

    /** A session of one turn, which the other instance has written, as its partition wants it. */
    Conversation writtenThere() throws Exception {
        while (true) {
            double before = applied(there);
            double inAll = before + applied(here);
            Conversation session = new Conversation(topics, name + "-" + sessions++);
            session.say(0);
            awaiting().until(() -> applied(here) + applied(there) > inAll);
            if (applied(there) > before) {
                return session;
            }
        }
    }

    void awaitTurns(Conversation session, int turns) {
        awaitText(session, "\"turnCount\":" + turns + ",");
    }

    void awaitRevised(Conversation session, int number) {
        awaitText(session, "t-" + number + " again");
    }

    private void awaitText(Conversation session, String text) {
        awaiting().until(() -> there.get(session.path()).body().contains(text));
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
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).ignoreExceptions();
    }

    @Override
    public void close() {
        here.close();
        there.close();
        topics.close();
    }
}
