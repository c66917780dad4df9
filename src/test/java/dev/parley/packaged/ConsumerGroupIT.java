package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.local.LocalOffsets;
import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import dev.parley.support.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the packaged service as a member of its consumer group: shutdown, suspension, identity. */
@Tag("packaged")
@Tag("slow")
class ConsumerGroupIT {

    /** More turns than the service can apply during its shutdown. */
    private static final int MANY_TURNS = 12_000;

    private static final int SESSIONS = 600;

    private final String name = "group-" + UUID.randomUUID();
    private final Map<String, String> settings = ServiceProcess.settingsWithOwn(name);

    private final Instant start = Instant.now();

    @SuppressWarnings("NullAway.Init")
    private LocalTopics topics;

    @SuppressWarnings("NullAway.Init")
    private LocalOffsets offsets;

    @BeforeEach
    void createTopic() {
        topics = LocalTopics.withTopic(name);
        offsets = new LocalOffsets(name, name);
    }

    @AfterEach
    void close() {
        topics.close();
        offsets.close();
    }

    /** A write without a committed offset would be a duplicate for the next instance. */
    @Test
    void service_terminatedUnderLoad_commitsAllWrites() throws Exception {
        Map<String, String> patient = new HashMap<>(settings);
        // Enough for a busy machine to settle what is in flight.
        patient.put("parley.ingest.drain-timeout", "2m");
        try (ServiceProcess service = ServiceProcess.start(patient)) {
            awaiting().until(() -> partitions(service) == 6);
            publishTurns(MANY_TURNS);
            awaiting().until(() -> records(service).getOrDefault("applied", 0.0) > 0);

            service.terminate();

            assertThat(service.awaitExit(Duration.ofMinutes(3))).isEqualTo(143);
            assertThat(service.output()).contains("Drained in");
        }

        try (ServiceProcess service = ServiceProcess.start(settings)) {
            awaitAllCommitted();
            assertThat(records(service)).containsEntry("duplicate", 0.0);
            assertThat(records(service).get("applied")).isBetween(1.0, MANY_TURNS - 1.0);
            awaiting().untilAsserted(() -> assertThat(lag(service)).isZero());
        }
    }

    /** The group reassigns the partitions of the suspended instance, which must join again. */
    @Test
    void service_suspendedBeyondItsSessionTimeout_continues() throws Exception {
        Map<String, String> shortTimeouts = new HashMap<>(settings);
        shortTimeouts.put("mp.messaging.incoming.turns.session.timeout.ms", "6000");
        shortTimeouts.put("mp.messaging.incoming.turns.heartbeat.interval.ms", "1000");
        try (ServiceProcess suspended = ServiceProcess.start(shortTimeouts);
                ServiceProcess other = ServiceProcess.start(shortTimeouts)) {
            awaiting().until(() -> partitions(suspended) == 3 && partitions(other) == 3);
            publishTurns(SESSIONS);
            awaiting().until(() -> records(suspended).getOrDefault("applied", 0.0) > 0);

            suspended.suspend();
            awaiting().until(() -> partitions(other) == 6);
            publishTurns(2 * SESSIONS);
            awaitAllCommitted();
            double missesBefore = misses(other);
            suspended.resume();

            awaiting().until(() -> partitions(suspended) == 3 && partitions(other) == 3);
            publishTurns(3 * SESSIONS);
            awaitAllCommitted();
            assertThat(suspended.get("/q/health/live").statusCode()).isEqualTo(200);
            for (int session = 0; session < SESSIONS; session += 50) {
                assertThat(other.get("/sessions/s-" + session + "?turns=none").body())
                        .contains("\"turnCount\":3");
            }
            // Its cache contained all heads until it lost partitions, which clears the cache.
            assertThat(misses(other)).isGreaterThan(missesBefore);
        }
    }

    @Test
    void service_withAnInstanceId_isAStaticMember() throws Exception {
        Map<String, String> named = new HashMap<>(settings);
        named.put("mp.messaging.incoming.turns.group.instance.id", "parley-0");
        try (ServiceProcess service = ServiceProcess.start(named)) {
            awaiting().until(() -> partitions(service) == 6);

            assertThat(members())
                    .singleElement()
                    .satisfies(member -> assertThat(member.groupInstanceId()).hasValue("parley-0"));
        }
    }

    /** Publishes that many turns. Each call starts with the same turns. */
    private void publishTurns(int count) {
        List<Map.Entry<String, String>> turns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String event =
                    """
                    {"turnId":"t-%d","role":"user","content":"hi","occurredAt":"%s"}"""
                            .formatted(i, start);
            turns.add(Map.entry("s-" + i % SESSIONS, event));
        }
        topics.publish(turns);
    }

    private List<MemberDescription> members() throws Exception {
        Map<String, Object> broker =
                Map.of("bootstrap.servers", LocalInfrastructureProcess.shared().kafka());
        try (Admin admin = Admin.create(broker)) {
            return List.copyOf(
                    admin.describeConsumerGroups(List.of(name)).all().get().values().stream()
                            .flatMap(group -> group.members().stream())
                            .toList());
        }
    }

    private static Metrics metrics(ServiceProcess service)
            throws IOException, InterruptedException {
        return Metrics.of(service.get("/q/metrics").body());
    }

    private static Map<String, Double> records(ServiceProcess service)
            throws IOException, InterruptedException {
        return metrics(service).records();
    }

    private static double partitions(ServiceProcess service)
            throws IOException, InterruptedException {
        return metrics(service).value("parley_partitions_assigned");
    }

    private static double misses(ServiceProcess service) throws IOException, InterruptedException {
        return metrics(service).value("parley_head_cache_gets_total{result=\"miss\"}");
    }

    private static double lag(ServiceProcess service) throws IOException, InterruptedException {
        return metrics(service).value("parley_consumer_lag_records");
    }

    private void awaitAllCommitted() {
        awaiting()
                .untilAsserted(
                        () -> assertThat(offsets.committed()).isEqualTo(offsets.endOffsets()));
    }

    private static ConditionFactory awaiting() {
        return await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(200)).ignoreExceptions();
    }
}
