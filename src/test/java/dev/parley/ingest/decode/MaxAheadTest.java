package dev.parley.ingest.decode;

import static dev.parley.ingest.decode.PublishedRecord.RECORDED_AT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.ingest.DeadLetters;
import dev.parley.session.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that an event is refused if its time is too far after its publication, in any format. It
 * would otherwise freeze its session until that time.
 */
class MaxAheadTest {

    private static final Duration MAX_AHEAD = Duration.ofMinutes(10);
    private static final Instant LATEST = RECORDED_AT.plus(MAX_AHEAD);
    private static final String REASON =
            "its time is more than 600 s after its record's timestamp (parley.ingest.max-ahead)";

    private final EventDecoders decoders = AllDecoders.inOrder(MAX_AHEAD);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'role':'user','content':'x','occurredAt':'%s'}",
                "{'type':'turn','role':'assistant','content':'x','revision':3,'occurredAt':'%s'}",
                "{'type':'session.updated','attributes':{'a':1},'occurredAt':'%s'}",
                "{'type':'session.ended','occurredAt':'%s'}",
                "{'type':'session.deleted','occurredAt':'%s'}",
                "{'specversion':'1.0','id':'1','source':'/s','type':'a.turn','time':'%s',"
                        + "'data':{'role':'user','content':'x'}}",
                "{'specversion':'1.0','id':'1','source':'/s','type':'a.turn',"
                        + "'data':{'role':'user','content':'x','occurredAt':'%s'}}",
                "{'specversion':'1.0','id':'1','source':'/s','type':'session.deleted','time':'%s'}",
                "{'sender_id':'s','event':'user','text':'x','timestamp':%s}",
                "{'sender_id':'s','event':'slot','name':'a','value':1,'timestamp':%s}",
                "{'sender_id':'s','event':'session_started','timestamp':%s}",
            })
    void eventAheadOfItsRecord_isAcceptedUpToTheLimit(String format) {
        assertThat(decode(format, LATEST.minusSeconds(1)).occurredAt())
                .isEqualTo(LATEST.minusSeconds(1));
        assertThat(decode(format, LATEST).occurredAt()).isEqualTo(LATEST);
        for (Instant later :
                new Instant[] {
                    LATEST.plusMillis(1),
                    LATEST.plusSeconds(1),
                    Instant.parse("2099-01-01T00:00:00Z"),
                    Instant.parse("2285-12-31T23:59:59Z")
                }) {
            assertThatThrownBy(() -> decode(format, later))
                    .isInstanceOf(UndecodableException.class)
                    .hasMessage(REASON);
        }
    }

    @Test
    void eventWithTheTimeOfItsRecord_isAcceptedAtAnyTime() {
        Instant farAhead = Instant.parse("2099-01-01T00:00:00Z");

        assertThat(
                        decode("{'role':'user','content':'x'}", farAhead, new RecordHeaders())
                                .occurredAt())
                .isEqualTo(farAhead);
        assertThat(decode(null, farAhead, new RecordHeaders()).occurredAt()).isEqualTo(farAhead);
    }

    /**
     * Kafka reports a timestamp that the producer left out as -1. Then Parley's own clock counts.
     */
    @Test
    void eventOfARecordWithoutTimestamp_isComparedWithTheClock() {
        Instant none = Instant.ofEpochMilli(-1);
        String format = "{'role':'user','content':'x','occurredAt':'%s'}";

        assertThat(decode(format.formatted(LATEST), none, new RecordHeaders()).occurredAt())
                .isEqualTo(LATEST);
        assertThatThrownBy(
                        () ->
                                decode(
                                        format.formatted(LATEST.plusSeconds(1)),
                                        none,
                                        new RecordHeaders()))
                .hasMessage(REASON);
    }

    @Test
    void replayedRecord_isComparedWithItsFirstPublication() {
        Instant later = RECORDED_AT.plus(Duration.ofDays(3));

        assertThat(
                        decode("{'role':'user','content':'x'}", later, firstPublished(RECORDED_AT))
                                .occurredAt())
                .isEqualTo(RECORDED_AT);
        assertThatThrownBy(
                        () ->
                                decode(
                                        "{'role':'user','content':'x','occurredAt':'%s'}"
                                                .formatted(LATEST.plusSeconds(1)),
                                        later,
                                        firstPublished(RECORDED_AT)))
                .hasMessage(REASON);
    }

    /** Otherwise any publisher could make an event from the future pass. */
    @Test
    void headerWithALaterTimeThanTheRecord_isIgnored() {
        Instant future = Instant.parse("2099-01-01T00:00:00Z");

        assertThatThrownBy(
                        () ->
                                decode(
                                        "{'role':'user','content':'x','occurredAt':'%s'}"
                                                .formatted(future),
                                        RECORDED_AT,
                                        firstPublished(future)))
                .hasMessage(REASON);
        assertThat(decode(null, RECORDED_AT, firstPublished(future)).occurredAt())
                .isEqualTo(RECORDED_AT);
    }

    @Test
    void deadLetterOfARecordWithForgedHeaders_hasParleysHeaders() {
        Headers forged = firstPublished(Instant.parse("2099-01-01T00:00:00Z"));
        for (String name : new String[] {"omitted", "reason", "cause", "topic", "of-the-future"}) {
            forged.add("dead-letter-" + name, "forged".getBytes(UTF_8));
        }
        forged.add("ce_id", "e-1".getBytes(UTF_8));

        Headers headers =
                DeadLetters.headers(
                        ParleyEventDecoderTest.received(null, null, RECORDED_AT, forged),
                        new UndecodableException("why"));

        assertThat(headers)
                .extracting(header -> Map.entry(header.key(), new String(header.value(), UTF_8)))
                .containsExactlyInAnyOrder(
                        Map.entry("ce_id", "e-1"),
                        Map.entry("dead-letter-reason", "why"),
                        Map.entry("dead-letter-topic", "chat-turns"),
                        Map.entry("dead-letter-partition", "0"),
                        Map.entry("dead-letter-offset", "0"),
                        Map.entry(
                                "dead-letter-timestamp",
                                Long.toString(RECORDED_AT.toEpochMilli())));
    }

    private SessionEvent decode(String format, Instant at) {
        String time = at.toString();
        if (format.contains("sender_id")) {
            time = "%d.%03d".formatted(at.getEpochSecond(), at.getNano() / 1_000_000);
        }
        return decode(format.formatted(time), RECORDED_AT, new RecordHeaders());
    }

    private SessionEvent decode(@Nullable String value, Instant recordedAt, Headers headers) {
        byte[] json =
                Optional.ofNullable(value)
                        .map(text -> text.replace('\'', '"').getBytes(UTF_8))
                        .orElse(null);
        if (value != null && value.contains("specversion")) {
            headers.add("content-type", "application/cloudevents+json".getBytes(UTF_8));
        }
        return decoders.decode(
                        new EventRecord(
                                ParleyEventDecoderTest.received(
                                        "s-1".getBytes(UTF_8), json, recordedAt, headers)))
                .orElseThrow();
    }

    private static Headers firstPublished(Instant publishedAt) {
        Headers headers = new RecordHeaders();
        headers.add(
                EventRecord.FIRST_PUBLISHED_AT,
                Long.toString(publishedAt.toEpochMilli()).getBytes(UTF_8));
        return headers;
    }
}
