package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.Json;
import dev.parley.session.Patch;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.Turn;
import dev.parley.session.Usage;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how Parley's own events are decoded. */
public class ParleyEventDecoderTest {

    private static final Instant RECORDED_AT = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void decode_ofATurnWithAllFields_keepsAllOfThem() {
        SessionEvent event =
                decode(
                        """
                        {"type":"turn","sessionId":"s-42","turnId":"t-7","occurredAt":"2026-11-22T11:15:30.123+01:00",
                         "revision":2,"role":"assistant","content":"It ships tomorrow.","userId":"u-9","channel":"web",
                         "model":"m-1","usage":{"inputTokens":812,"outputTokens":64.0,"tokensOfSound":5},"latencyMs":9.30e2,
                         "error":{"type":"timeout"},"metadata":{"intent":"shipping"},"region":"eu",
                         "attributes":{"locale":"en-GB","old":null},"userData":{"tier":"gold"}}
                        """);

        assertThat(event)
                .isEqualTo(
                        new TurnRecorded(
                                "s-42",
                                new Turn(
                                        "t-7",
                                        Instant.parse("2026-11-22T10:15:30.123Z"),
                                        2,
                                        null,
                                        Role.ASSISTANT,
                                        new Json("\"It ships tomorrow.\""),
                                        "u-9",
                                        "web",
                                        "m-1",
                                        new Usage(812, 64),
                                        930L,
                                        new Json("{\"type\":\"timeout\"}"),
                                        new Json(
                                                "{\"intent\":\"shipping\",\"region\":\"eu\",\"usage\":{\"tokensOfSound\":5}}")),
                                new Patch(
                                        "u-9",
                                        "web",
                                        Map.of(
                                                "locale",
                                                Optional.of(new Json("\"en-GB\"")),
                                                "old",
                                                Optional.empty()),
                                        Map.of("tier", Optional.of(new Json("\"gold\""))))));
    }

    @Test
    void decode_ofAMinimalTurn_takesTimeAndSessionFromTheRecord() {
        TurnRecorded event = turn("{\"role\":\"user\",\"content\":\"hi\"}");

        assertThat(event.sessionId()).isEqualTo("key");
        assertThat(event.occurredAt()).isEqualTo(RECORDED_AT);
        assertThat(event.turn().id()).isNotEmpty();
        assertThat(event.turn().usage()).isNull();
        assertThat(event.patch()).isEqualTo(Patch.NONE);
    }

    @Test
    void decode_ofNullFields_treatsThemAsAbsent() {
        TurnRecorded event =
                turn(
                        """
                        {"type":null,"sessionId":null,"turnId":null,"occurredAt":null,"revision":null,"role":"user",
                         "content":"hi","userId":null,"channel":null,"model":null,"usage":null,"latencyMs":null,
                         "error":null,"metadata":null,"attributes":null,"userData":null}
                        """);

        assertThat(event.turn().error()).isNull();
        assertThat(event.turn().metadata()).isNull();
        assertThat(event.patch()).isEqualTo(Patch.NONE);
    }

    @Test
    void decode_ofEqualTurnsWithoutId_derivesEqualIds() {
        String first =
                turn("{\"role\":\"user\",\"content\":\"hi\",\"metadata\":{\"a\":1,\"b\":[2]}}")
                        .turn()
                        .id();
        String reordered =
                turn("{\"metadata\":{\"b\":[2],\"a\":1}, \"content\":\"hi\", \"role\":\"user\"}")
                        .turn()
                        .id();
        String other =
                turn("{\"role\":\"user\",\"content\":\"hi!\",\"metadata\":{\"a\":1,\"b\":[2]}}")
                        .turn()
                        .id();

        assertThat(reordered).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void decode_ofEqualTurnsWithDifferentTimes_derivesDifferentIds() {
        String value = "{\"role\":\"user\",\"content\":\"ok\"}";

        SessionEvent first = decodeRecord(received("key", value, RECORDED_AT));
        SessionEvent second = decodeRecord(received("key", value, RECORDED_AT.plusMillis(1)));

        assertThat(((TurnRecorded) first).turn().id())
                .isNotEqualTo(((TurnRecorded) second).turn().id());
    }

    @Test
    void decode_ofOtherTypes_returnsTheirEvents() {
        String at = "\"sessionId\":\"s\",\"occurredAt\":\"2026-11-22T10:00:00Z\"";
        Instant time = Instant.parse("2026-11-22T10:00:00Z");
        Patch patch = new Patch(null, null, Map.of("a", Optional.of(new Json("[1]"))), Map.of());

        assertThat(
                        decode(
                                "{\"type\":\"session.updated\",%s,\"attributes\":{\"a\":[1]}}"
                                        .formatted(at)))
                .isEqualTo(new SessionUpdated("s", time, patch));
        assertThat(
                        decode(
                                "{\"type\":\"session.ended\",%s,\"attributes\":{\"a\":[1]}}"
                                        .formatted(at)))
                .isEqualTo(new SessionEnded("s", time, patch));
        assertThat(decode("{\"type\":\"session.deleted\",%s}".formatted(at)))
                .isEqualTo(new SessionDeleted("s", time));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json | not valid JSON at byte 0",
                "[] | not a JSON object",
                "`` | not a JSON object",
                "{} | a turn needs role",
                "{\"a\":1,\"a\":2} | a key comes twice in an object at byte 11",
                "{\"role\":\"user\",\"content\":\"x\"} more | not valid JSON at byte 30",
                "{\"role\":\"user\"} | a turn needs content",
                "{\"content\":\"x\"} | a turn needs role",
                "{\"type\":\"hello\"} | type must be turn, session.updated, session.ended or session.deleted",
                "{\"sessionId\":[7],\"role\":\"user\",\"content\":\"x\"} | sessionId must be a string",
                "{\"sessionId\":\"s#p7\",\"role\":\"user\",\"content\":\"x\"} | the session id ends like the key of a page (#p and a number)",
                "{\"occurredAt\":\"yesterday\",\"role\":\"user\",\"content\":\"x\"} | occurredAt must be an ISO 8601 time, or seconds, milliseconds or microseconds since 1970, from the year 1970 to 9999",
                "{\"occurredAt\":\"-0001-11-22T10:15:30Z\",\"role\":\"user\",\"content\":\"x\"} | occurredAt must be an ISO 8601 time, or seconds, milliseconds or microseconds since 1970, from the year 1970 to 9999",
                "{\"role\":\"user\",\"content\":\"\\ud83d\"} | content contains half a surrogate pair",
            })
    void decode_ofAnInvalidEvent_givesAReasonThatQuotesNothing(String value, String reason) {
        assertThatThrownBy(() -> decode(value))
                .isInstanceOf(UndecodableException.class)
                .hasMessage(reason)
                .hasNoCause();
    }

    /** Kafka reports a timestamp that the producer left out as -1. */
    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 253_402_300_800_000L, Long.MAX_VALUE})
    void decode_ofARecordWithAnInvalidTimestamp_isRefusedIfTheEventHasNoTime(long timestamp) {
        Instant at = Instant.ofEpochMilli(timestamp);
        String turnWithTime =
                """
                {"role":"user","content":"x","occurredAt":"2026-11-22T10:00:00Z"}""";
        String reason = "no time, and the record's timestamp is not from the year 1970 to 9999";

        assertThat(decodeRecord(received("key", turnWithTime, at)).occurredAt())
                .isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
        assertThatThrownBy(
                        () ->
                                decodeRecord(
                                        received(
                                                "key",
                                                "{\"role\":\"user\",\"content\":\"x\"}",
                                                at)))
                .hasMessage(reason);
        assertThatThrownBy(
                        () ->
                                AllDecoders.inOrder()
                                        .decode(
                                                new EventRecord(
                                                        received(
                                                                "key".getBytes(UTF_8),
                                                                null,
                                                                at,
                                                                new RecordHeaders()))))
                .hasMessage(reason);
    }

    @Test
    void decode_withoutSessionIdAndKey_isRefused() {
        assertThatThrownBy(
                        () ->
                                decodeRecord(
                                        received(
                                                null,
                                                "{\"role\":\"user\",\"content\":\"x\"}",
                                                RECORDED_AT)))
                .hasMessage("no sessionId");
    }

    private static TurnRecorded turn(String value) {
        return (TurnRecorded) decode(value);
    }

    private static SessionEvent decode(String value) {
        return decodeRecord(received("key", value, RECORDED_AT));
    }

    static ConsumerRecord<byte[], byte[]> received(@Nullable String key, String value, Instant at) {
        return received(
                key == null ? null : key.getBytes(UTF_8),
                value.getBytes(UTF_8),
                at,
                new RecordHeaders());
    }

    static ConsumerRecord<byte[], byte[]> received(
            byte @Nullable [] key, byte @Nullable [] value, Instant at, Headers headers) {
        return new ConsumerRecord<>(
                "chat-turns",
                0,
                0,
                at.toEpochMilli(),
                TimestampType.CREATE_TIME,
                -1,
                -1,
                key,
                value,
                headers,
                Optional.empty());
    }

    private static SessionEvent decodeRecord(ConsumerRecord<byte[], byte[]> received) {
        return new ParleyEventDecoder().decode(new EventRecord(received)).orElseThrow();
    }
}
