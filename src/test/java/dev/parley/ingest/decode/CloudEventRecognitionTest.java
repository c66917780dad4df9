package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.TurnRecorded;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that CloudEvents are recognised in all forms in which producers send them, and refused if
 * they are incomplete. The key of each record names another session: an event that is not
 * recognised would change that session.
 */
class CloudEventRecognitionTest {

    private static final Instant TIME = Instant.parse("2026-11-22T11:00:00Z");
    private static final String DATA = "{\"role\":\"user\",\"content\":\"hi\"}";

    private final DecoderHarness decoded = new DecoderHarness();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "content-type",
                "Content-Type",
                "CONTENT-TYPE",
                "contentType",
                "content_type"
            })
    void structuredEvent_withAnyContentType_isRecognisedByItsContent(String header) {
        for (String type : new String[] {"application/cloudevents+json", "application/json"}) {
            SessionEvent event =
                    decoded.event(envelope("a.turn", "\"data\":" + DATA), Map.of(header, type));

            assertThat(event.sessionId()).isEqualTo("s-77");
            assertThat(((TurnRecorded) event).turn().id()).isEqualTo("/desk e-1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_", "ce-", "Ce_", "CE-", "Ce-", "cloudEvents_", "cloudEvents:"})
    void binaryEvent_withAnySpellingOfItsHeaders_isRecognised(String prefix) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(prefix + "specversion", "1.0");
        headers.put(prefix + "id", "e-1");
        headers.put(prefix + "source", "/desk");
        headers.put(prefix + "Subject", "s-77");
        headers.put(prefix + "time", TIME.toString());
        headers.put(prefix + "type", "com.example.session.deleted");

        assertThat(decoded.event("{\"reason\":\"gdpr\"}", headers))
                .isEqualTo(new SessionDeleted("s-77", TIME));
    }

    @ParameterizedTest
    @CsvSource({
        "com.example.turn.v1, turn",
        "com.example.turn.v1.2, turn",
        "com.example.turn.2, turn",
        "turn/v3, turn",
        "turn-v1beta1, turn",
        "com.example.session.ended.v1, session.ended",
        "com.example.v2.session.ended, session.ended",
        "session.deleted:1.0, session.deleted",
    })
    void typeWithAVersion_isRecognised(String type, String kind) {
        SessionEvent event = decoded.event(envelope(type, "\"data\":" + DATA));

        Class<?> expected =
                switch (kind) {
                    case "turn" -> TurnRecorded.class;
                    case "session.ended" -> SessionEnded.class;
                    default -> SessionDeleted.class;
                };
        assertThat(event).isInstanceOf(expected);
        assertThat(event.sessionId()).isEqualTo("s-77");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.return",
                "a.turned",
                "a.turn.created",
                "a.turn.v",
                "a-turn",
                "turn.v1.",
                "com.dapr.event.received"
            })
    void unknownType_isRefused(String type) {
        assertThatThrownBy(() -> decoded.event(envelope(type, "\"data\":" + DATA)))
                .hasMessageStartingWith("the CloudEvent's type must end in turn");
    }

    @Test
    void dataInBase64_isDecoded() {
        String base64 = Base64.getEncoder().encodeToString(DATA.getBytes(UTF_8));

        TurnRecorded event =
                (TurnRecorded)
                        decoded.event(envelope("a.turn", "\"data_base64\":\"" + base64 + "\""));

        assertThat(event.turn().content().text()).isEqualTo("\"hi\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"data_base64\":\"bm8ganNvbg==\" | not valid JSON",
                "\"data_base64\":\"H4sIAAAAAAAA\" | gzip, not JSON",
                "\"data_base64\":\"e30=\",\"data\":{} | the CloudEvent has both data and data_base64",
                "\"data\":\"{\\\"role\\\":\\\"user\\\"}\" | double JSON",
                "\"data\":\"hi\" | data must be an object",
            })
    void dataThatIsNotAnObject_isRefused(String data, String reason) {
        assertThatThrownBy(() -> decoded.event(envelope("a.turn", data)))
                .hasMessageStartingWith(reason);
    }

    /** The type in Dapr's envelope does not state the kind of event. */
    @Test
    void envelopeOfDapr_isUnwrapped() {
        String dapr =
                """
                {"data":%s,"datacontenttype":"application/json","id":"9c3f","pubsubname":"kafka-pubsub",
                 "source":"bot-api","specversion":"1.0","time":"2026-11-22T12:00:00+01:00","topic":"chat-turns",
                 "traceid":"00-1","traceparent":"00-1","tracestate":"","type":"com.dapr.event.sent"}
                """;

        TurnRecorded turn =
                (TurnRecorded)
                        decoded.event(
                                dapr.formatted(
                                        "{\"sessionId\":\"s-77\",\"role\":\"user\",\"content\":\"hi\"}"));
        SessionEvent deleted =
                decoded.event(
                        dapr.formatted("{\"type\":\"session.deleted\",\"sessionId\":\"s-77\"}"));

        assertThat(turn.sessionId()).isEqualTo("s-77");
        assertThat(turn.turn().id()).isEqualTo("bot-api 9c3f");
        assertThat(turn.occurredAt()).isEqualTo(TIME);
        assertThat(deleted).isEqualTo(new SessionDeleted("s-77", TIME));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "specversion | {\"id\":\"e\",\"source\":\"/d\",\"type\":\"session.deleted\",\"subject\":\"s-77\"}",
                "specversion | {\"type\":\"session.ended\",\"subject\":\"s-77\"}",
                "specversion | {\"id\":\"e\",\"source\":\"/d\",\"type\":\"com.example.session.deleted\"}",
                "specversion | {\"type\":\"session.updated\",\"data\":{\"userId\":\"u-1\"}}",
                "specversion | {\"source\":\"/d\",\"id\":\"e\",\"data\":{\"role\":\"user\",\"content\":\"hi\"}}",
                "id | {\"specversion\":\"1.0\",\"source\":\"/d\",\"type\":\"session.deleted\",\"subject\":\"s-77\"}",
                "source | {\"specversion\":\"1.0\",\"id\":\"e\",\"type\":\"session.deleted\",\"subject\":\"s-77\"}",
                "type | {\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"/d\",\"subject\":\"s-77\",\"data\":{}}",
            })
    void incompleteStructuredEvent_isRefusedWithTheMissingAttribute(String missing, String value) {
        assertThatThrownBy(() -> decoded.event(value))
                .isInstanceOf(UndecodableException.class)
                .hasMessage("the CloudEvent has no " + missing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"specversion", "id", "source", "type"})
    void incompleteBinaryEvent_isRefusedWithTheMissingAttribute(String missing) {
        for (String prefix : new String[] {"ce_", "ce-"}) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put(prefix + "specversion", "1.0");
            headers.put(prefix + "id", "e-1");
            headers.put(prefix + "source", "/desk");
            headers.put(prefix + "type", "session.deleted");
            headers.put(prefix + "subject", "s-77");
            headers.remove(prefix + missing);

            assertThatThrownBy(() -> decoded.event("{\"type\":\"session.deleted\"}", headers))
                    .hasMessage("the CloudEvent has no " + missing);
            assertThatThrownBy(() -> decoded.event("key".getBytes(UTF_8), null, headers))
                    .hasMessage("the CloudEvent has no " + missing);
        }
    }

    /** Turns of other platforms may have fields with the names id, source and subject. */
    @Test
    void turnWithFieldsNamedLikeAttributes_isATurn() {
        SessionEvent event =
                decoded.event(
                        "{\"id\":\"m-1\",\"source\":\"web\",\"subject\":\"Order 7\",\"type\":\"message\",\"role\":\"user\",\"content\":\"hi\"}");

        assertThat(event).isInstanceOf(TurnRecorded.class);
        assertThat(event.sessionId()).isEqualTo("key");
    }

    @Test
    void eventWithOnlyASource_isParleysOwn() {
        assertThat(decoded.event("{\"type\":\"session.updated\",\"source\":\"web\"}").sessionId())
                .isEqualTo("key");
    }

    @Test
    void eventWithSessionIdAndSource_isDecoded() {
        assertThat(
                        decoded.event(
                                "{\"type\":\"session.ended\",\"sessionId\":\"s-1\",\"source\":\"web\"}"))
                .isInstanceOf(SessionEnded.class);
    }

    private static String envelope(String type, String members) {
        return """
               {"specversion":"1.0","id":"e-1","source":"/desk","type":"%s","subject":"s-77","time":"%s",%s}
               """
                .formatted(type, TIME, members);
    }
}
