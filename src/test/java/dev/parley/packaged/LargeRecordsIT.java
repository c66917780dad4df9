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
 * Topics that are small on the broker and several times the heap once they are decompressed: the
 * packaged service drains them in 256 MB, and would end at the first allocation that fails.
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

    /** 900 MB, of which a megabyte is on the broker. */
    @Test
    void turns_of2MegabytesThatCompressToNothing_areDrained() throws Exception {
        int turns = 450;
        publish(turns, index -> turn(index, "a".repeat(2_000_000)));

        drain(turns);
    }

    /** 420 MB; some hundred records share a batch, which the client can't take apart. */
    @Test
    void turns_of300KilobytesThatCompressToNothing_areDrained() throws Exception {
        int turns = 1_400;
        publish(turns, index -> turn(index, "b".repeat(300_000)));

        drain(turns);
    }

    /** 400 MB in other places of a record. */
    @Test
    void turns_withLargeKeysAndHeaders_areDrained() throws Exception {
        int turns = 200;
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

        drain(turns);
    }

    /** 360 MB of junk, and a good record behind. */
    @Test
    void records_beyondTheLimit_areSetAsideWithoutBeingHeld() throws Exception {
        publish(
                12,
                index ->
                        index < 11
                                ? new ProducerRecord<>(name, key(0), new byte[30_000_000])
                                : turn(0, "d"));

        try (ServiceProcess service = start()) {
            awaitDrained(service);
            assertThat(Metrics.of(service.get("/q/metrics").body()).records())
                    .containsEntry("dead_lettered", 11.0)
                    .containsEntry("applied", 1.0);
        }
    }

    private void drain(int turns) throws Exception {
        try (ServiceProcess service = start()) {
            awaitDrained(service);
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

    private void awaitDrained(ServiceProcess service) {
        Map<Integer, Long> ends = offsets.ends();
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofSeconds(1))
                .failFast("ended:\n" + service.output(), () -> !service.handle().isAlive())
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

    private interface Made {
        ProducerRecord<byte[], byte[]> record(int index);
    }

    /** One after the other, so that this JVM holds few of them. */
    private void publish(int records, Made made) {
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
                var _ = topic.send(made.record(index));
            }
        }
        assertThat(offsets.ends().values().stream().mapToLong(Long::longValue).sum())
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
