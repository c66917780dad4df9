package dev.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.local.LocalOffsets;
import dev.parley.local.LocalParley;
import dev.parley.local.LocalTopics;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.core.ConditionFactory;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that Parley waits while the dead-letter topic does not exist, and writes all dead letters
 * once somebody creates the topic.
 */
@Tag("faults")
@Tag("slow")
@QuarkusTest
@TestProfile(MissingDeadLetterTopicIT.WithoutDeadLetterTopic.class)
@WithTestResource(LocalParley.class)
class MissingDeadLetterTopicIT {

    private static final String DEAD_LETTERS = "mp.messaging.outgoing.dead-letters.";

    /** More records than the dead letters that are in flight at the same time. */
    private static final int REJECTED_RECORDS = 300;

    /** Configures a dead-letter topic that does not exist, with a new name for each run. */
    public static final class WithoutDeadLetterTopic implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    DEAD_LETTERS + "topic",
                    "nowhere-" + UUID.randomUUID(),
                    "mp.messaging.incoming.turns.auto.commit.interval.ms",
                    "200",
                    "parley.ingest.retry-longest",
                    "500ms");
        }
    }

    @ConfigProperty(name = DEAD_LETTERS + "topic")
    String deadLetterTopic = "";

    @ConfigProperty(name = DEAD_LETTERS + "delivery.timeout.ms")
    long deliveryTimeout;

    @ConfigProperty(name = DEAD_LETTERS + "max.block.ms")
    long maxBlock;

    @Inject EventConsumer consumer;

    @Inject MeterRegistry registry;

    @Test
    void rejectedRecords_withoutADeadLetterTopic_areRetriedAndWrittenOnceItExists()
            throws Exception {
        try (LocalTopics topics = new LocalTopics();
                LocalOffsets offsets = new LocalOffsets();
                Admin admin =
                        Admin.create(
                                Map.of(
                                        "bootstrap.servers",
                                        LocalInfrastructureProcess.shared().kafka()))) {
            awaitPatiently().until(() -> offsets.committed().equals(offsets.endOffsets()));
            Map<Integer, Long> before = offsets.committed();
            double deadLetteredBefore = deadLettered();

            topics.publish(
                    IntStream.range(0, REJECTED_RECORDS)
                            .mapToObj(i -> Map.entry("rejected", "no JSON " + i))
                            .toList());

            awaitPatiently().until(() -> consumer.outage().isPresent());
            assertThat(consumer.outage())
                    .map(Backoff.Outage::reason)
                    .contains(
                            "Topic %s not present in metadata after %d ms."
                                    .formatted(deadLetterTopic, maxBlock));
            assertThat(offsets.committed()).isEqualTo(before);

            admin.createTopics(List.of(new NewTopic(deadLetterTopic, 1, (short) 1))).all().get();
            awaitPatiently().until(() -> offsets.committed().equals(offsets.endOffsets()));
            assertThat(end(admin)).isGreaterThanOrEqualTo(REJECTED_RECORDS);
            assertThat(deadLettered()).isEqualTo(deadLetteredBefore + REJECTED_RECORDS);
            assertThat(consumer.outage()).isEqualTo(Optional.empty());
        }
    }

    @Test
    void failure_isReportedWithinTenSeconds() {
        assertThat(Duration.ofMillis(maxBlock)).isLessThan(Duration.ofSeconds(10));
        assertThat(Duration.ofMillis(deliveryTimeout)).isLessThan(Duration.ofSeconds(10));
    }

    private long end(Admin admin) throws Exception {
        TopicPartition partition = new TopicPartition(deadLetterTopic, 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private double deadLettered() {
        return registry.get("parley.records").tag("outcome", "dead_lettered").counter().count();
    }

    private static ConditionFactory awaitPatiently() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(200));
    }
}
