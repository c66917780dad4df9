package dev.parley.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that the packaged service consumes, in a heap of 256 MB, topics that are small on the
 * broker but larger than the heap after decompression. The JVM exits at the first failed
 * allocation.
 */
@Tag("packaged")
@Tag("slow")
class LargeRecordsIT {

    private static final List<String> JVM =
            List.of("-Xmx256m", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError");

    private static final int SESSIONS = 9;
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final String name = "large-" + UUID.randomUUID();
    private final Map<String, String> settings =
            Map.of(
                    "parley.table.name",
                    name,
                    "parley.table.mode",
                    "create",
                    "mp.messaging.incoming.turns.topic",
                    name,
                    "mp.messaging.incoming.turns.group.id",
                    name,
                    "mp.messaging.outgoing.dead-letters.topic",
                    name + "-dlq",
                    "mp.messaging.incoming.turns.auto.commit.interval.ms",
                    "500");

    @SuppressWarnings("NullAway.Init")
    private LocalTopics topics;

    @SuppressWarnings("NullAway.Init")
    private LocalOffsets offsets;

    @BeforeEach
    void createTopic() {
        LocalTopics.withTopic(name + "-dlq").close();
        topics = LocalTopics.withTopic(name);
        offsets = new LocalOffsets(name, name);
    }

    @AfterEach
    void close() {
        topics.close();
        offsets.close();
    }

    /** 500 MB after decompression, half a megabyte on the broker. */
    @Test
    void turns_of2MegabytesThatCompressWell_areApplied() throws Exception {
        int turns = 250;
        publish(turns, index -> turn(index, "a".repeat(2_000_000)));

        assertAllApplied(turns);
    }

    /** 300 MB. Some hundred records share a batch, which the client can only read as a whole. */
    @Test
    void turns_of300KilobytesThatCompressWell_areApplied() throws Exception {
        int turns = 1_000;
        publish(turns, index -> turn(index, "b".repeat(300_000)));

        assertAllApplied(turns);
    }

    /** 300 MB in keys and headers instead of values. */
    @Test
    void turns_withLargeKeysAndHeaders_areApplied() throws Exception {
        int turns = 150;
        byte[] large = new byte[2_000_000];
        publish(
                turns,
                index -> {
                    ProducerRecord<byte[], byte[]> turn = turn(index, "c");
                    if (index % 2 == 0) {
                        turn.headers().add("large", large);
                        return turn;
                    }
                    return new ProducerRecord<>(name, large, turn.value());
                });

        assertAllApplied(turns);
    }

    /** 330 MB of invalid records, followed by a valid record. */
    @Test
    void records_largerThanTheLimit_areDeadLetteredInASmallHeap() throws Exception {
        publish(
                12,
                index ->
                        index < 11
                                ? new ProducerRecord<>(name, key(0), new byte[30_000_000])
                                : turn(0, "d"));

        try (ServiceProcess service = start()) {
            awaitAllCommitted(service);
            assertThat(Metrics.of(service.get("/q/metrics").body()).records())
                    .containsEntry("dead_lettered", 11.0)
                    .containsEntry("applied", 1.0);
        }
    }

    private void assertAllApplied(int turns) throws Exception {
        try (ServiceProcess service = start()) {
            awaitAllCommitted(service);
            assertThat(Metrics.of(service.get("/q/metrics").body()).records())
                    .isEqualTo(
                            Map.of(
                                    "applied", (double) turns,
                                    "duplicate", 0.0,
                                    "ignored", 0.0,
                                    "dead_lettered", 0.0));
            assertThat(stored(service)).isEqualTo(turns);
        }
    }

    private ServiceProcess start() {
        return ServiceProcess.start(LocalInfrastructureProcess.shared(), settings, JVM);
    }

    private void awaitAllCommitted(ServiceProcess service) {
        Map<Integer, Long> ends = offsets.endOffsets();
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofSeconds(1))
                .failFast(
                        "The service ended:\n" + service.output(),
                        () -> !service.handle().isAlive())
                .until(() -> offsets.committed().equals(ends));
    }

    private static int stored(ServiceProcess service) throws IOException, InterruptedException {
        int stored = 0;
        for (int session = 0; session < SESSIONS; session++) {
            String body = service.get("/sessions/s-" + session + "?turns=none").body();
            stored += Integer.parseInt(body.replaceFirst("(?s).*\"turnCount\":(\\d+).*", "$1"));
        }
        return stored;
    }

    private interface RecordFactory {
        ProducerRecord<byte[], byte[]> create(int index);
    }

    /** Creates and publishes the records one by one, so that few of them are in this heap. */
    private void publish(int records, RecordFactory factory) {
        Map<String, Object> producer =
                Map.of(
                        "bootstrap.servers",
                        LocalInfrastructureProcess.shared().kafka(),
                        "compression.type",
                        "gzip",
                        "batch.size",
                        32 * 1024 * 1024,
                        "linger.ms",
                        500,
                        "max.request.size",
                        40 * 1024 * 1024,
                        "buffer.memory",
                        128L * 1024 * 1024);
        try (KafkaProducer<byte[], byte[]> topic =
                new KafkaProducer<>(
                        producer, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int index = 0; index < records; index++) {
                var _ = topic.send(factory.create(index));
            }
        }
        assertThat(offsets.endOffsets().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(records);
    }

    private ProducerRecord<byte[], byte[]> turn(int index, String content) {
        String session = "s-" + index % SESSIONS;
        String turn =
                """
                {"sessionId":"%s","turnId":"t-%d","role":"user","content":"%s","occurredAt":"%s"}"""
                        .formatted(session, index, content, START.plusSeconds(index));
        return new ProducerRecord<>(name, key(index), turn.getBytes(UTF_8));
    }

    private static byte[] key(int index) {
        return ("s-" + index % SESSIONS).getBytes(UTF_8);
    }
}
