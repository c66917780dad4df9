package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.SessionEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Parley's own event, a JSON object: see the README for its fields. */
final class ParleyEventDecoder implements EventDecoder {

    /** What a CloudEvent says beside its data; it may have an id and a source, too. */
    private static final Set<String> OF_CLOUD_EVENTS =
            Set.of("subject", "data", "data_base64", "datacontenttype", "dataschema");

    /** All that no other format recognises. */
    @Override
    public boolean recognises(EventRecord received) {
        return true;
    }

    @Override
    public Optional<SessionEvent> decode(EventRecord received) {
        JsonNode object = received.object();
        EventFields fields = received.fields(object);
        if (isHalfACloudEvent(object)) {
            throw new UndecodableException("the CloudEvent has no specversion");
        }
        String type = EventMapper.type(object);
        String sessionId = SessionIds.of(fields.name("sessionId"), received, "no sessionId");
        Instant told = fields.time("occurredAt");
        Instant occurredAt = told == null ? received.timestamp() : told;
        return Optional.of(
                EventMapper.event(
                        type,
                        sessionId,
                        occurredAt,
                        fields,
                        () -> TurnIds.derived(object, occurredAt)));
    }

    /** Where the event itself doesn't name its session, the record's key may be another's. */
    private static boolean isHalfACloudEvent(JsonNode object) {
        return !object.has("role")
                && !object.has("sessionId")
                && (OF_CLOUD_EVENTS.stream().anyMatch(object::has)
                        || (object.has("id") && object.has("source")));
    }
}
