package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that the packaged service reads records in each compression that Kafka supports. */
@Tag("packaged")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompressionIT {

    private static final int TURNS = 50;

    private final String name = "codecs-" + UUID.randomUUID();

    @SuppressWarnings("NullAway.Init")
    private ServiceProcess service;

    @BeforeAll
    void start() {
        service =
                ServiceProcess.start(
                        Map.of(
                                "parley.table.name", name,
                                "parley.table.mode", "create",
                                "mp.messaging.incoming.turns.group.id", name));
    }

    @AfterAll
    void close() {
        service.close();
    }

    /**
     * @param maxRatio the largest allowed ratio of compressed to uncompressed bytes of a batch
     */
    @ParameterizedTest
    @CsvSource({"none, 1.0", "gzip, 0.5", "lz4, 0.5", "snappy, 0.5", "zstd, 0.5"})
    void records_compressedWithAnyCodec_areApplied(String codec, double maxRatio) {
        String session = name + "-" + codec;

        assertThat(publish(session, codec)).isLessThanOrEqualTo(maxRatio);

        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(
                        () ->
                                assertThat(service.get("/sessions/" + session).body())
                                        .contains("\"turnCount\":" + TURNS + ","));
    }

    /** Publishes turns in as few batches as possible and returns their compression ratio. */
    private static double publish(String session, String codec) {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        LocalInfrastructureProcess.shared().kafka(),
                        "compression.type",
                        codec,
                        "linger.ms",
                        500);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            IntStream.range(0, TURNS)
                    .mapToObj(number -> turn(session, number))
                    .forEach(
                            turn -> {
                                var _ = producer.send(turn);
                            });
            producer.flush();
            return producer.metrics().entrySet().stream()
                    .filter(metric -> metric.getKey().name().equals("compression-rate-avg"))
                    .filter(metric -> metric.getKey().group().equals("producer-metrics"))
                    .mapToDouble(metric -> (double) metric.getValue().metricValue())
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static ProducerRecord<String, String> turn(String session, int number) {
        return new ProducerRecord<>(
                LocalTopics.TOPIC,
                session,
                """
                {"turnId":"t-%d","role":"assistant","content":"It ships tomorrow, as it did yesterday."}"""
                        .formatted(number));
    }
}
