package dev.parley.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.RestartableInfrastructure;
import dev.parley.local.ServiceProcess;
import dev.parley.support.Metrics;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that without any broker, running and new instances serve readers and report the outage. */
@Tag("packaged")
@Tag("slow")
class KafkaOutageIT {

    private static final Map<String, String> SETTINGS = Map.of("parley.table.mode", "create");

    @Test
    void service_withoutKafka_servesReadersAndReportsIngestionDown() throws Exception {
        try (RestartableInfrastructure infrastructure = RestartableInfrastructure.start(List.of());
                ServiceProcess service =
                        ServiceProcess.start(infrastructure.addresses(), SETTINGS, List.of())) {
            publish(infrastructure, "t-1");
            awaiting().until(() -> service.get("/sessions/s-1").body().contains("t-1"));
            awaiting().until(() -> lag(service) == 0);
            assertThat(ingestion(service).getString("status")).isEqualTo("UP");

            infrastructure.kafka().kill();

            awaiting().untilAsserted(() -> assertReportsOutage(service));
            assertServesReaders(service);
            try (ServiceProcess startedLater =
                    ServiceProcess.start(infrastructure.addresses(), SETTINGS, List.of())) {
                awaiting().until(() -> startedLater.get("/q/health/ready").statusCode() == 200);
                awaiting().untilAsserted(() -> assertReportsOutage(startedLater));
                assertServesReaders(startedLater);

                infrastructure.kafka().start();

                for (ServiceProcess each : List.of(service, startedLater)) {
                    awaiting().until(() -> ingestion(each).getString("status").equals("UP"));
                    awaiting().until(() -> lag(each) == 0);
                }
                publish(infrastructure, "t-2");
                awaiting().until(() -> startedLater.get("/sessions/s-1").body().contains("t-2"));
            }
        }
    }

    private static void assertServesReaders(ServiceProcess service) throws Exception {
        assertThat(service.get("/q/health/ready").statusCode()).isEqualTo(200);
        assertThat(service.get("/q/health/live").statusCode()).isEqualTo(200);
        assertThat(service.get("/sessions/s-1").body()).contains("t-1");
    }

    private static void assertReportsOutage(ServiceProcess service) throws Exception {
        assertThat(service.get("/q/health/group/ingestion").statusCode()).isEqualTo(503);
        JsonPath health = ingestion(service);
        String brokers = "checks.find { it.name == 'Kafka brokers' }.";
        assertThat(health.getString(brokers + "status")).isEqualTo("DOWN");
        assertThat(health.getString(brokers + "data.reason")).contains("2000");
        assertThat(health.getString(brokers + "data.since")).isNotBlank();
        assertThat(metric(service, "parley_ingestion_up{part=\"brokers\"}")).isZero();
        assertThat(lag(service)).isNaN();
    }

    private static JsonPath ingestion(ServiceProcess service) throws Exception {
        return JsonPath.from(service.get("/q/health/group/ingestion").body());
    }

    private static double lag(ServiceProcess service) throws Exception {
        return metric(service, "parley_consumer_lag_records");
    }

    private static double metric(ServiceProcess service, String name) throws Exception {
        return Metrics.of(service.get("/q/metrics").body()).value(name);
    }

    private static void publish(RestartableInfrastructure infrastructure, String turnId)
            throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", infrastructure.addresses().kafka()),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    "chat-turns",
                                    "s-1",
                                    "{\"turnId\":\"%s\",\"role\":\"user\",\"content\":\"hi\"}"
                                            .formatted(turnId)))
                    .get();
        }
    }

    private static ConditionFactory awaiting() {
        return await().atMost(Duration.ofMinutes(2)).ignoreExceptions();
    }
}
