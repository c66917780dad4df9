package dev.parley.ingest.decode;

import static java.util.Objects.requireNonNull;
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
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how the events of Rasa's event broker are decoded: flat JSON, without a key. */
class RasaEventDecoderTest {

    private static final String BOT =
            """
            {"sender_id":"visitor-4","event":"bot","timestamp":1795342395.3766496,"text":"Hello!","data":%s}
            """;

    private final RasaEventDecoder decoder = new RasaEventDecoder();

    @Test
    void userEvent_isATurn() {
        Turn turn =
                turn(
                        """
                        {"sender_id":"visitor-4","event":"user","timestamp":1795342394.1430557,
                         "text":"hi","parse_data":{"intent":{"name":"greet","confidence":0.9954788088798523}},
                         "input_channel":"rest","message_id":"b2aa"}
                        """);

        assertThat(turn.id()).isEqualTo("b2aa");
        assertThat(turn.role()).isEqualTo(Role.USER);
        assertThat(turn.content()).isEqualTo(new Json("\"hi\""));
        assertThat(turn.channel()).isEqualTo("rest");
        assertThat(turn.occurredAt()).isEqualTo(Instant.ofEpochSecond(1795342394, 143_055_700));
        assertThat(requireNonNull(turn.metadata()).text())
                .contains("\"intent\":\"greet\"", "\"confidence\":0.9954788088798523");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"buttons\":null}", "\"some data about attachments\"", "null"})
    void botEventWithAnyData_isATurnWithTheSameIdInEachDelivery(String data) {
        Turn turn = turn(BOT.formatted(data));

        assertThat(turn.role()).isEqualTo(Role.ASSISTANT);
        assertThat(turn.metadata()).isEqualTo(new Json("{\"data\":" + data + "}"));
        assertThat(turn(BOT.formatted(data))).isEqualTo(turn);
        assertThat(turn(BOT.formatted("\"other\"")).id()).isNotEqualTo(turn.id());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"image\":\"a.png\"}` | `[{\"type\":\"image\",\"image\":\"a.png\"}]`",
                "`{\"buttons\":[{\"title\":\"Rome\",\"payload\":\"/to_rome\"},{\"title\":\"Bonn\"}]}`"
                        + " | `[{\"type\":\"button\",\"text\":\"Rome\",\"title\":\"Rome\",\"payload\":\"/to_rome\"},{\"type\":\"button\",\"text\":\"Bonn\",\"title\":\"Bonn\"}]`",
                "`{\"attachment\":{\"type\":\"video\",\"payload\":{\"src\":\"v.mp4\"}}}`"
                        + " | `[{\"type\":\"attachment\",\"attachment\":{\"type\":\"video\",\"payload\":{\"src\":\"v.mp4\"}}}]`",
                "`{\"quick_replies\":[\"yes\"],\"custom\":{\"map\":1}}`"
                        + " | `[{\"type\":\"quick_reply\",\"text\":\"yes\"},{\"type\":\"custom\",\"custom\":{\"map\":1}}]`",
                "`{\"buttons\":[],\"image\":null}` | `\"\"`",
            })
    void botEventWithoutText_hasItsDataAsContent(String data, String content) {
        Turn turn =
                turn(
                        "{\"sender_id\":\"v\",\"event\":\"bot\",\"timestamp\":1,\"text\":null,\"data\":%s}"
                                .formatted(data));

        assertThat(turn.content()).isEqualTo(new Json(content));
    }

    @Test
    void botEventWithTextAndButtons_hasBothAsContent_andKeepsTheRest() {
        Turn turn =
                turn(BOT.formatted("{\"image\":null,\"buttons\":[{\"title\":\"Rome\"}],\"x\":1}"));

        assertThat(turn.content())
                .isEqualTo(
                        new Json(
                                "[{\"type\":\"text\",\"text\":\"Hello!\"},{\"type\":\"button\",\"text\":\"Rome\",\"title\":\"Rome\"}]"));
        assertThat(turn.metadata()).isEqualTo(new Json("{\"data\":{\"image\":null,\"x\":1}}"));
    }

    @Test
    void agentEvent_isATurnOfAHumanAgent() {
        Turn turn =
                turn(
                        """
                        {"sender_id":"v","event":"agent","timestamp":1795342396.01,"text":"Bo here","data":{}}
                        """);

        assertThat(turn.role()).isEqualTo(Role.AGENT);
        assertThat(turn.content()).isEqualTo(new Json("\"Bo here\""));
    }

    @Test
    void invalidText_losesNoTurn() {
        Turn turn = turn("{\"sender_id\":7,\"event\":\"user\",\"timestamp\":1,\"text\":{\"a\":1}}");

        assertThat(turn.content()).isEqualTo(new Json("\"\""));
        assertThat(turn.metadata()).isEqualTo(new Json("{\"text\":{\"a\":1}}"));
    }

    @Test
    void timestampInMilliseconds_isParsed() {
        Turn turn =
                turn(
                        "{\"sender_id\":\"v\",\"event\":\"user\",\"timestamp\":1795342394143,\"text\":\"hi\"}");

        assertThat(turn.occurredAt()).isEqualTo(Instant.ofEpochSecond(1795342394, 143_000_000));
    }

    @Test
    void slotEvent_setsAnAttribute_andNullRemovesIt() {
        assertThat(decode(slot("\"BER\"")))
                .contains(updated(Map.of("airport", Optional.of(new Json("\"BER\"")))));
        assertThat(decode(slot("null"))).contains(updated(Map.of("airport", Optional.empty())));
    }

    /** Slots that are carried over into a new session are set again after its start. */
    @ParameterizedTest
    @ValueSource(strings = {"session_started", "restart", "reset_slots"})
    void restart_clearsTheAttributes(String event) {
        assertThat(
                        decode(
                                "{\"sender_id\":\"v\",\"event\":\"%s\",\"timestamp\":1795342396.01}"
                                        .formatted(event)))
                .contains(
                        new SessionUpdated(
                                "v", Instant.ofEpochSecond(1795342396, 10_000_000), Patch.CLEARED));
    }

    @Test
    void sessionEnded_endsTheSession() {
        assertThat(
                        decode(
                                "{\"sender_id\":\"v\",\"event\":\"session_ended\",\"timestamp\":1795342396.01}"))
                .contains(
                        new SessionEnded(
                                "v", Instant.ofEpochSecond(1795342396, 10_000_000), Patch.NONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"action", "followup", "user_featurization", "pause"})
    void otherEvent_isIgnored(String event) {
        assertThat(decode("{\"sender_id\":\"v\",\"event\":\"" + event + "\"}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"sender_id":null,"event":"user","timestamp":1,"text":"hi"}   | no sender_id
            {"sender_id":"v","event":"user","text":"hi"}                  | timestamp must be an ISO 8601 time, or seconds, milliseconds or microseconds since 1970, from the year 1970 to 9999
            {"sender_id":"v","event":"user","timestamp":-1,"text":"hi"}   | timestamp must be an ISO 8601 time, or seconds, milliseconds or microseconds since 1970, from the year 1970 to 9999
            {"sender_id":"v","event":"user","timestamp":1e99,"text":"hi"} | timestamp must be an ISO 8601 time, or seconds, milliseconds or microseconds since 1970, from the year 1970 to 9999
            {"sender_id":"v","event":"slot","timestamp":1,"value":1}      | a slot needs name
            {"sender_id":"v","event":"slot","timestamp":1,"name":""}      | attributes must have no empty key
            """)
    void invalidEvent_isRefusedWithTheReason(String value, String reason) {
        assertThatThrownBy(() -> decode(value))
                .isInstanceOf(UndecodableException.class)
                .hasMessage(reason);
    }

    private static String slot(String value) {
        return """
               {"sender_id":"v","event":"slot","timestamp":1795342396.01,"name":"airport","value":%s}
               """
                .formatted(value);
    }

    private static SessionEvent updated(Map<String, Optional<Json>> attributes) {
        return new SessionUpdated(
                "v",
                Instant.ofEpochSecond(1795342396, 10_000_000),
                new Patch(null, null, attributes, Map.of()));
    }

    private Turn turn(String value) {
        return ((TurnRecorded) decode(value).orElseThrow()).turn();
    }

    private Optional<SessionEvent> decode(String value) {
        EventRecord received =
                new EventRecord(ParleyEventDecoderTest.received(null, value, Instant.EPOCH));
        assertThat(decoder.recognises(received)).isTrue();
        return decoder.decode(received);
    }
}
