package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.SessionEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Decodes Parley's own event, a JSON object. docs/events.md describes its fields. */
final class ParleyEventDecoder implements EventDecoder {

    /** Fields that a CloudEvent has besides its data. It may also have an id and a source. */
    private static final Set<String> OF_CLOUD_EVENTS =
            Set.of("subject", "data", "data_base64", "datacontenttype", "dataschema");

    /** Recognises every record, because no other format has recognised it. */
    @Override
    public boolean recognises(EventRecord received) {
        return true;
    }

    @Override
    public Optional<SessionEvent> decode(EventRecord received) {
        JsonNode object = received.object();
        EventFields fields = received.fields(object);
        if (isIncompleteCloudEvent(object)) {
            throw new UndecodableException("the CloudEvent has no specversion");
        }
        String type = EventMapper.type(object);
        String sessionId = SessionIds.of(fields.name("sessionId"), received, "no sessionId");
        Instant ownTime = fields.time("occurredAt");
        Instant occurredAt = ownTime == null ? received.timestamp() : ownTime;
        return Optional.of(
                EventMapper.event(
                        type,
                        sessionId,
                        occurredAt,
                        fields,
                        () -> TurnIds.derived(object, occurredAt)));
    }

    /**
     * Returns whether the event is a part of a CloudEvent. Such an event does not name its session
     * itself, and the record's key may belong to something else.
     */
    private static boolean isIncompleteCloudEvent(JsonNode object) {
        return !object.has("role")
                && !object.has("sessionId")
                && (OF_CLOUD_EVENTS.stream().anyMatch(object::has)
                        || (object.has("id") && object.has("source")));
    }
}
