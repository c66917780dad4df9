package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.Json;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.Turn;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Decodes records with all decoders, and reports what was counted. */
final class DecoderHarness {

    static final Instant RECORDED_AT = Instant.parse("2026-11-22T12:00:00Z");

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final EventDecoders decoders = AllDecoders.inOrder(metrics);

    /** Returns the event of a record whose key is {@code key}. */
    SessionEvent event(String value, Map<String, String> headers) {
        return event("key".getBytes(UTF_8), value.getBytes(UTF_8), headers).orElseThrow();
    }

    SessionEvent event(String value) {
        return event(value, Map.of());
    }

    Optional<SessionEvent> event(
            byte @Nullable [] key, byte @Nullable [] value, Map<String, String> headers) {
        Headers all = new RecordHeaders();
        headers.forEach((name, text) -> all.add(name, text.getBytes(UTF_8)));
        return decoders.decode(
                new EventRecord(ParleyEventDecoderTest.received(key, value, RECORDED_AT, all)));
    }

    Turn turn(String value) {
        return ((TurnRecorded) event(value)).turn();
    }

    /** Returns a turn with these members besides its session id and time. */
    Turn turnWith(String members) {
        return turn(
                """
                {"sessionId":"s-1","occurredAt":"2026-11-22T10:00:00Z",%s}"""
                        .formatted(members));
    }

    /** Returns the member of the metadata; a missing node if there is none. */
    static JsonNode metadata(Turn turn, String name) {
        Json metadata = turn.metadata();
        return EventContractIT.parsed(metadata == null ? "{}" : metadata.text()).path(name);
    }

    /** Returns the names of the fields that were counted as unread. */
    Set<String> unread() {
        return metrics.find("parley.fields.unread").counters().stream()
                .filter(counter -> counter.count() > 0)
                .map(counter -> String.valueOf(counter.getId().getTag("field")))
                .collect(Collectors.toSet());
    }

    double turnsWithoutTime() {
        Counter counter = metrics.find("parley.turns.without.time").counter();
        return counter == null ? Double.NaN : counter.count();
    }
}
