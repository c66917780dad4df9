package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
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

/**
 * Tests a rolling update, as Kubernetes does it, while turns are published and sessions are read.
 */
@Tag("packaged")
@Tag("slow")
class RollingRestartIT {

    private static final Logger LOG = Logger.getLogger(RollingRestartIT.class);

    private static final int INSTANCES = 2;

    /** The exit code of a JVM that was terminated. */
    private static final int TERMINATED = 143;

    /** The lag that is normal, because records arrive between two commits. */
    private static final long NORMAL_LAG = 3L * 2 * SteadyTurns.RATE;

    private final String name = "rolling-" + UUID.randomUUID();
    private final Map<String, String> settings =
            Map.of(
                    "parley.table.name", name,
                    "parley.table.mode", "create",
                    // Long enough for the test to check the readiness meanwhile, even on a busy
                    // machine.
                    "quarkus.shutdown.delay", "15s",
                    // Long deadlines, so that nothing times out on a busy machine.
                    "parley.ingest.drain-timeout", "2m",
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
    void instances_replacedOneByOne_loseNoTurnAndAnswerAllRequests() throws Exception {
        int published;
        try (SteadyTurns turns = new SteadyTurns(topics)) {
            for (int session = 0; session < SteadyTurns.SESSIONS; session++) {
                String path = path(session);
                awaiting().until(() -> instances.getFirst().get(path).statusCode() == 200);
            }
            try (SteadyReads reads =
                    new SteadyReads(balancer, RollingRestartIT::randomSessionPath)) {
                for (int i = 0; i < INSTANCES; i++) {
                    replaceOldest();
                    long start = System.nanoTime();
                    awaiting().until(() -> lag() < NORMAL_LAG);
                    LOG.infof(
                            "Lag is normal again after %s",
                            Duration.ofNanos(System.nanoTime() - start));
                }
                LOG.infof("%d reads", reads.count());
                assertThat(reads.failures()).as("of %d reads", reads.count()).isEmpty();
            }
            published = turns.stop();
        }

        awaiting().until(() -> lag() == 0);
        for (int session = 0; session < SteadyTurns.SESSIONS; session++) {
            assertThat(instances.getFirst().get(path(session)).body())
                    .contains("\"turnCount\":" + SteadyTurns.turnsOf(session, published) + ",");
        }
    }

    /**
     * Starts a new instance, and terminates the oldest one when the new one is ready. Kubernetes
     * removes the old instance from the Service at the same time, but that takes effect a little
     * later.
     */
    private void replaceOldest() throws Exception {
        ServiceProcess added = ServiceProcess.start(settings);
        instances.add(added);
        awaiting().until(() -> added.get("/q/health/ready").statusCode() == 200);
        ServiceProcess removed = instances.remove();
        removed.terminate();
        awaiting().until(() -> removed.get("/q/health/ready").statusCode() == 503);
        balancer.sendTo(List.copyOf(instances));
        // The removed instance answers requests until it ends, so readers may still be connected.
        awaiting().until(() -> balancer.openConnections(removed) == 0);
        assertThat(removed.handle().isAlive())
                .as("still running when the last reader has disconnected")
                .isTrue();
        assertThat(removed.awaitExit(Duration.ofMinutes(3))).isEqualTo(TERMINATED);
        assertThat(removed.output()).contains("Drained in");
    }

    private static String randomSessionPath() {
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

    /** Returns how many records are published but not committed. */
    private long lag() {
        return sum(offsets.endOffsets()) - sum(offsets.committed());
    }

    private static long sum(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    private static ConditionFactory awaiting() {
        return await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(100)).ignoreExceptions();
    }
}
