package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import dev.parley.support.Metrics;
import io.restassured.path.json.JsonPath;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the command that replays dead letters after the cause of their failure is fixed. */
@Tag("packaged")
@Tag("slow")
class DeadLetterReplayIT {

    @Test
    void deadLetters_replayed_areAppliedOnceWithTheirHeadersAndTime() throws Exception {
        String id = "put-back-" + UUID.randomUUID();
        String deadLetters = id + "-dlq";
        Map<String, String> settings =
                Map.of(
                        "parley.table.name", id,
                        "parley.table.mode", "create",
                        "mp.messaging.incoming.turns.topic", id,
                        "mp.messaging.outgoing.dead-letters.topic", deadLetters,
                        "mp.messaging.incoming.turns.group.id", id);
        Map<String, String> tooStrict = new HashMap<>(settings);
        tooStrict.put("parley.table.max-profile-bytes", "10");
        try (LocalTopics topics = LocalTopics.withTopic(id);
                LocalTopics _ = LocalTopics.withTopic(deadLetters)) {
            Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            // A binary CloudEvent, which can't be decoded without its headers. It has no time, so
            // that the timestamp of the record is used. It also has headers of dead letters, which
            // only Parley may set: they must have no effect.
            topics.publish(
                    id,
                    """
                    {"role":"user","content":"hi","attributes":{"locale":"en-GB"}}""",
                    Map.of(
                            "ce_specversion", "1.0",
                            "ce_id", "e-1",
                            "ce_source", "/desk",
                            "ce_type", "com.example.chat.turn",
                            "dead-letter-omitted", "forged",
                            "dead-letter-timestamp", "4102444800000"));
            Instant after = Instant.now();
            try (ServiceProcess service = ServiceProcess.start(tooStrict)) {
                await().atMost(TIMEOUT).ignoreExceptions().until(() -> deadLettered(service) > 0);
                service.terminate();
                service.awaitExit(TIMEOUT);
            }

            // The count is greater than 1 if the service had to write the dead letter again.
            assertThat(replay(settings))
                    .containsPattern("from " + deadLetters + " to " + id + ": [1-9]")
                    .doesNotContain(" WARN ");

            try (ServiceProcess service = ServiceProcess.start(settings)) {
                await().atMost(TIMEOUT)
                        .ignoreExceptions()
                        .until(() -> service.get("/sessions/" + id).statusCode() == 200);
                JsonPath session = JsonPath.from(service.get("/sessions/" + id).body());
                assertThat(session.getInt("turnCount")).isOne();
                assertThat(session.getString("turns[0].turnId")).isEqualTo("/desk e-1");
                assertThat(session.getString("attributes.locale")).isEqualTo("en-GB");
                assertThat(Instant.parse(session.getString("turns[0].occurredAt")))
                        .isBetween(before, after);
            }
            assertThat(replay(settings)).contains("from " + deadLetters + " to " + id + ": 0.");
        }
    }

    private static double deadLettered(ServiceProcess service) throws Exception {
        return Metrics.of(service.get("/q/metrics").body())
                .value("parley_records_total{outcome=\"dead_lettered\"}");
    }

    private static String replay(Map<String, String> settings) throws InterruptedException {
        try (ServiceProcess command = ServiceProcess.startCommand("replay", settings)) {
            assertThat(command.awaitExit(TIMEOUT)).isZero();
            return command.output();
        }
    }
}
