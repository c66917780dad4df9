package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.local.LocalTopics;
import dev.parley.local.LogLines;
import dev.parley.local.ServiceProcess;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that each line of the production log is a JSON object. */
@Tag("packaged")
@Tag("slow")
class LogsIT {

    private final String name = "logged-" + UUID.randomUUID();
    private final String deadLetters = name + "-dlq";

    @Test
    void logLine_fromStartToStop_isAJsonObject() throws Exception {
        try (LocalTopics topics = LocalTopics.withTopic(name);
                LocalTopics _ = LocalTopics.withTopic(deadLetters);
                ServiceProcess service = ServiceProcess.start(settings())) {
            topics.publish(name, "no event: \"\\\n\u0000\u2028\"");
            await().atMost(TIMEOUT).until(() -> service.output().contains("Dead letter: "));
            awaitAnswer(service, "/sessions/" + name + "%0A%22");
            service.terminate();
            service.awaitExit(TIMEOUT);

            List<JsonNode> lines = LogLines.of(service);

            assertThat(lines)
                    .allSatisfy(
                            line -> {
                                assertThat(line.isObject()).isTrue();
                                assertThat(time(line).getOffset()).isEqualTo(ZoneOffset.UTC);
                                assertThat(line.path("level").asText())
                                        .isIn("INFO", "WARN", "ERROR");
                                assertThat(line.path("logger").asText()).isNotEmpty();
                                assertThat(line.path("message").isTextual()).isTrue();
                                assertThat(line.path("thread").asText()).isNotEmpty();
                                assertThat(line.path("mdc").isObject()).isTrue();
                            });
            assertThat(lines)
                    .extracting(line -> line.path("message").asText())
                    .anyMatch(text -> text.contains("started in"))
                    .anyMatch(text -> text.startsWith("Dead letter: "))
                    .anyMatch(text -> text.startsWith("{\"who\":\"anonymous\""))
                    .last()
                    .asString()
                    .startsWith("parley stopped");
            assertThat(lines).noneMatch(line -> line.path("level").asText().equals("ERROR"));
        }
    }

    @Test
    void failureAtStart_isLoggedInOneLineWithItsStackTrace() throws Exception {
        Map<String, String> settings = new HashMap<>(settings());
        settings.put("quarkus.http.ssl.certificate.key-store-file", "missing.p12");
        try (ServiceProcess service = ServiceProcess.start(settings)) {
            assertThat(service.awaitExit(TIMEOUT)).isEqualTo(1);

            assertThat(LogLines.of(service))
                    .filteredOn(line -> line.path("level").asText().equals("ERROR"))
                    .anySatisfy(
                            line ->
                                    assertThat(line.path("exception").asText())
                                            .contains("missing.p12")
                                            .contains("\n\tat io.quarkus."));
        }
    }

    private static OffsetDateTime time(JsonNode line) {
        return OffsetDateTime.parse(line.path("timestamp").asText());
    }

    private Map<String, String> settings() {
        return Map.of(
                "parley.table.name", name,
                "parley.table.mode", "create",
                "mp.messaging.incoming.turns.topic", name,
                "mp.messaging.outgoing.dead-letters.topic", deadLetters,
                "mp.messaging.incoming.turns.group.id", name);
    }

    private static void awaitAnswer(ServiceProcess service, String path) {
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(() -> service.get(path).statusCode() == 404);
    }
}
