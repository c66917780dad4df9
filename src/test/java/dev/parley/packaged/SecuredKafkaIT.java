package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.SecuredKafka;
import dev.parley.local.ServiceProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the packaged service with a broker that requires TLS and a password, configured as
 * docs/security.md describes.
 */
@Tag("packaged")
@Tag("slow")
class SecuredKafkaIT {

    private static final String PASSWORD = "known-to-both";

    private final String id = "secured-kafka-" + UUID.randomUUID();

    @SuppressWarnings("NullAway.Init")
    private SecuredKafka kafka;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        kafka = SecuredKafka.start(folder, PASSWORD);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void service_withThePassword_storesAndDeadLettersAndReplays() throws Exception {
        publish("{\"role\":\"user\",\"content\":\"hi\"}");
        publish("not json");
        Map<String, String> settings = settings(PASSWORD);

        try (ServiceProcess service = ServiceProcess.start(settings)) {
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(() -> service.get("/sessions/" + id).body().contains("\"hi\""));
            await().atMost(TIMEOUT)
                    .until(() -> service.get("/q/metrics").body().contains(DEAD_LETTERED + " 1.0"));
        }
        try (ServiceProcess command = ServiceProcess.startCommand("replay", settings)) {
            assertThat(command.awaitExit(TIMEOUT)).as(command.output()).isZero();
            assertThat(command.output()).contains(SecuredKafka.TOPIC + ": 1.");
        }
    }

    @Test
    void service_withAnotherPassword_servesReadersAndReportsWhyItConsumesNothing()
            throws Exception {
        publish("{\"role\":\"user\",\"content\":\"hi\"}");

        try (ServiceProcess service = ServiceProcess.start(settings("another-password"))) {
            await().atMost(TIMEOUT)
                    .until(() -> service.output().contains("SaslAuthenticationException"));

            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(
                            () ->
                                    service.get("/q/health/group/ingestion")
                                            .body()
                                            .contains("uthentication failed"));
            assertThat(service.get("/q/health/group/ingestion").statusCode()).isEqualTo(503);
            // The service is ready once it has created its table.
            await().atMost(TIMEOUT).until(() -> service.get("/q/health/ready").statusCode() == 200);
            assertThat(service.get("/q/health/live").statusCode()).isEqualTo(200);
            assertThat(service.output()).doesNotContain("another-password");
        }
    }

    private static final String DEAD_LETTERED = "parley_records_total{outcome=\"dead_lettered\"}";

    private Map<String, String> settings(String password) {
        Map<String, String> settings =
                new HashMap<>(SecuredKafka.forService(kafka.clientSettings(password)));
        settings.put("parley.table.name", id);
        settings.put("parley.table.mode", "create");
        return settings;
    }

    private void publish(String value) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        new HashMap<>(kafka.clientSettings()),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>(SecuredKafka.TOPIC, id, value)).get();
        }
    }
}
