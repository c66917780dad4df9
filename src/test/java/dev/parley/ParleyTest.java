package dev.parley;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.local.LocalParley;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(LocalParley.class)
class ParleyTest {

    @Test
    void session_afterATurnWasPublished_isThere() throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                (Object) LocalInfrastructureProcess.shared().kafka()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    "chat-turns",
                                    "s-42".getBytes(StandardCharsets.UTF_8),
                                    "{\"sessionId\":\"s-42\",\"role\":\"user\",\"content\":\"hi\"}"
                                            .getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
        await().untilAsserted(
                        () ->
                                assertThat(given().get("/sessions/s-42").statusCode())
                                        .isEqualTo(200));
        System.out.println(given().get("/sessions/s-42").asPrettyString());
        System.out.println(given().get("/sessions/s-43").asPrettyString());
        System.out.println(given().get("/q/health").asPrettyString());
        System.out.println(given().get("/q/metrics").asString());
        System.out.println(given().get("/q/openapi").asString());
    }
}
