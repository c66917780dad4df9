package dev.parley.ingest.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.Json;
import dev.parley.session.Patch;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.Turn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how the events of Rasa's Mantle are decoded. */
class MantleEventDecoderTest {

    private static final Instant AT = Instant.ofEpochSecond(1795342394, 500_000_000);

    private final DecoderHarness decoded = new DecoderHarness();

    @Test
    void userEvent_isATurn() {
        Turn turn =
                ((TurnRecorded)
                                event(
                                        "\"user\":{\"text\":\"hi\",\"input_channel\":\"rest\",\"parse_data\":{\"intent\":\"greet\"}}"))
                        .turn();

        assertThat(turn.id()).isEqualTo("ev-1");
        assertThat(turn.role()).isEqualTo(Role.USER);
        assertThat(turn.sequence()).isEqualTo(4);
        assertThat(turn.occurredAt()).isEqualTo(AT);
        assertThat(turn.userId()).isEqualTo("u-1");
        assertThat(turn.channel()).isEqualTo("rest");
        assertThat(turn.content()).isEqualTo(new Json("\"hi\""));
        assertThat(turn.metadata())
                .isEqualTo(
                        new Json(
                                "{\"metadata\":{\"a\":1},\"parse_data\":{\"intent\":\"greet\"},\"session_id\":\"x-1\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"Where to?\",\"data\":{\"buttons\":[{\"title\":\"Rome\"}]}}",
                "{\"text\":\"Where to?\",\"buttons\":[{\"title\":\"Rome\"}]}",
            })
    void botEventWithButtons_hasThemInItsContent(String payload) {
        Turn turn = ((TurnRecorded) event("\"bot\":" + payload)).turn();

        assertThat(turn.role()).isEqualTo(Role.ASSISTANT);
        assertThat(turn.content())
                .isEqualTo(
                        new Json(
                                "[{\"type\":\"text\",\"text\":\"Where to?\"},{\"type\":\"button\",\"text\":\"Rome\",\"title\":\"Rome\"}]"));
    }

    @Test
    void memorySet_setsAnAttribute() {
        assertThat(event("\"memory_set\":{\"name\":\"age\",\"value_json\":\"42\"}"))
                .isEqualTo(
                        new SessionUpdated(
                                "c-1",
                                AT,
                                new Patch(
                                        null,
                                        null,
                                        Map.of("age", Optional.of(new Json("42"))),
                                        Map.of())));
        assertThatThrownBy(() -> event("\"memory_set\":{\"name\":\"age\",\"value_json\":\"{\"}"))
                .hasMessage("value_json must be JSON");
        assertThatThrownBy(() -> event("\"memory_set\":{\"value_json\":\"1\"}"))
                .hasMessage("memory_set needs name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"session_started", "memory_reset", "restart"})
    void restart_clearsTheAttributes(String kind) {
        assertThat(event("\"%s\":{}".formatted(kind)))
                .isEqualTo(new SessionUpdated("c-1", AT, Patch.CLEARED));
    }

    @ParameterizedTest
    @CsvSource({"session_ended, true", "skill_activated, false", "tool_executed, false"})
    void otherEvent_endsTheSessionOrIsIgnored(String kind, boolean ends) {
        Optional<SessionEvent> event =
                decoded.event(
                        null,
                        envelope("\"%s\":{}".formatted(kind)).getBytes(StandardCharsets.UTF_8),
                        Map.of());

        assertThat(event)
                .isEqualTo(
                        ends
                                ? Optional.of(new SessionEnded("c-1", AT, Patch.NONE))
                                : Optional.empty());
    }

    private SessionEvent event(String payload) {
        return decoded.event(envelope(payload));
    }

    private static String envelope(String payload) {
        return """
               {"conversation_id":"c-1","timestamp":1795342394.5,"event_id":"ev-1","sequence":4,"user_id":"u-1",
                "session_id":"x-1","metadata":{"a":1},%s}
               """
                .formatted(payload);
    }
}
