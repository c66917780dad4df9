package dev.parley.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.ConnectionBalancer;
import dev.parley.local.LocalOffsets;
import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import dev.parley.support.Metrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.core.ConditionFactory;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An update as Kubernetes does it, while turns come in and sessions are read. */
@Tag("packaged")
@Tag("slow")
class RollingRestartIT {

    private static final Logger LOG = Logger.getLogger(RollingRestartIT.class);

    private static final int INSTANCES = 2;

    /** The exit code of a JVM that was terminated. */
    private static final int TERMINATED = 143;

    /** What comes in between two commits, and may well not be committed at any moment. */
    private static final long USUAL_LAG = 3L * 2 * SteadyTurns.RATE;

    private final String name = "rolling-" + UUID.randomUUID();
    private final Map<String, String> settings =
            Map.of(
                    "parley.table.name", name,
                    "parley.table.mode", "create",
                    // Long enough to see what it answers meanwhile on a machine that is busy.
                    "quarkus.shutdown.delay", "15s",
                    // Nothing is late here, however busy the machine is.
                    "parley.api.deadline", "60s",
                    "quarkus.dynamodb.api-call-attempt-timeout", "30s",
                    "quarkus.dynamodb.api-call-timeout", "60s",
                    "mp.messaging.incoming.turns.topic", name,
                    "mp.messaging.incoming.turns.group.id", name);

    private final Deque<ServiceProcess> instances = new ArrayDeque<>();
    private final ConnectionBalancer balancer = new ConnectionBalancer();

    @SuppressWarnings("NullAway.Init")
    private LocalTopics topics;

    @SuppressWarnings("NullAway.Init")
    private LocalOffsets offsets;

    @BeforeEach
    void start() {
        topics = LocalTopics.withTopic(name);
        offsets = new LocalOffsets(name, name);
        for (int i = 0; i < INSTANCES; i++) {
            instances.add(ServiceProcess.start(settings));
        }
        awaiting().until(() -> partitions() == 6);
        balancer.sendTo(List.copyOf(instances));
    }

    @AfterEach
    void close() {
        balancer.close();
        instances.forEach(ServiceProcess::close);
        topics.close();
        offsets.close();
    }

    @Test
    void instances_replacedOneByOne_loseNothingAndAnswerAll() throws Exception {
        int published;
        try (SteadyTurns turns = new SteadyTurns(topics)) {
            for (int session = 0; session < SteadyTurns.SESSIONS; session++) {
                String path = path(session);
                awaiting().until(() -> instances.getFirst().get(path).statusCode() == 200);
            }
            try (SteadyReads reads = new SteadyReads(balancer, RollingRestartIT::anySession)) {
                for (int i = 0; i < INSTANCES; i++) {
                    replaceOldest();
                    long start = System.nanoTime();
                    awaiting().until(() -> lag() < USUAL_LAG);
                    LOG.infof("Lag as usual %s later", Duration.ofNanos(System.nanoTime() - start));
                }
                LOG.infof("%d reads", reads.count());
                assertThat(reads.failures()).as("of %d reads", reads.count()).isEmpty();
            }
            published = turns.end();
        }

        awaiting().until(() -> lag() == 0);
        for (int session = 0; session < SteadyTurns.SESSIONS; session++) {
            assertThat(instances.getFirst().get(path(session)).body())
                    .contains("\"turnCount\":" + SteadyTurns.turnsOf(session, published) + ",");
        }
    }

    /**
     * A new one comes; when it is ready, an old one is told to end. That it gets no new connections
     * any more happens at the same time in Kubernetes, and takes effect somewhat later.
     */
    private void replaceOldest() throws Exception {
        ServiceProcess added = ServiceProcess.start(settings);
        instances.add(added);
        awaiting().until(() -> added.get("/q/health/ready").statusCode() == 200);
        ServiceProcess removed = instances.remove();
        removed.terminate();
        awaiting().until(() -> removed.get("/q/health/ready").statusCode() == 503);
        balancer.sendTo(List.copyOf(instances));
        // It answers to the end, so that who reads may still be on a connection to it.
        awaiting().until(() -> balancer.open(removed) == 0);
        assertThat(removed.handle().isAlive()).as("all had left before the end").isTrue();
        assertThat(removed.awaitExit(Duration.ofMinutes(3))).isEqualTo(TERMINATED);
        assertThat(removed.output()).contains("Drained in");
    }

    private static String anySession() {
        return path(ThreadLocalRandom.current().nextInt(SteadyTurns.SESSIONS));
    }

    private static String path(int session) {
        return "/sessions/" + SteadyTurns.session(session) + "?turns=none";
    }

    private double partitions() throws Exception {
        double partitions = 0;
        for (ServiceProcess instance : instances) {
            partitions +=
                    Metrics.of(instance.get("/q/metrics").body())
                            .value("parley_partitions_assigned");
        }
        return partitions;
    }

    /** Records that are published and not committed. */
    private long lag() {
        return sum(offsets.ends()) - sum(offsets.committed());
    }

    private static long sum(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    private static ConditionFactory awaiting() {
        return await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions();
    }
}
