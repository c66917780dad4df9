package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.json.ExactJson;
import dev.parley.json.RefusedJsonException;
import dev.parley.session.Patch;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decodes what the event broker of Rasa's Mantle publishes: an envelope with {@code
 * conversation_id}, {@code timestamp}, {@code event_id} and {@code sequence}, and in it one object,
 * whose name states what happened (<a
 * href="https://rasa.com/docs/mantle/reference/events/">Conversation events</a>). An event has the
 * same meaning as the flat form that {@link RasaEventDecoder} decodes; what the flat form calls
 * slots is called memory here.
 */
final class MantleEventDecoder implements EventDecoder {

    private static final Map<String, String> ROLES =
            Map.of("user", "user", "bot", "assistant", "agent", "agent");

    private static final Set<String> CLEARING =
            Set.of("session_started", "restart", "restarted", "reset_slots", "memory_reset");

    private static final Set<String> ENVELOPE =
            Set.of("conversation_id", "timestamp", "event_id", "sequence", "user_id", "metadata");

    private static final Set<String> MAPPED = Set.of("text", "message_id", "input_channel", "data");

    @Override
    public boolean recognises(EventRecord received) {
        JsonNode object = received.object();
        return object.has("conversation_id")
                && object.has("timestamp")
                && !object.has("role")
                && !object.has("type");
    }

    @Override
    public Optional<SessionEvent> decode(EventRecord received) {
        JsonNode object = received.object();
        EventFields envelope = received.fields(object);
        String sessionId =
                SessionIds.of(envelope.name("conversation_id"), received, "no conversation_id");
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (member.getValue().isObject() && !ENVELOPE.contains(member.getKey())) {
                return event(member.getKey(), member.getValue(), sessionId, envelope);
            }
        }
        return Optional.empty();
    }

    private static Optional<SessionEvent> event(
            String kind, JsonNode payload, String sessionId, EventFields envelope) {
        JsonNode object = envelope.asJson();
        String role = ROLES.get(kind);
        if (role != null) {
            return Optional.of(turn(sessionId, role, kind, payload, envelope));
        }
        if (CLEARING.contains(kind)) {
            return Optional.of(
                    new SessionUpdated(sessionId, RasaEventDecoder.time(object), Patch.CLEARED));
        }
        return switch (kind) {
            case "memory_set" -> Optional.of(memory(sessionId, payload, envelope));
            case "session_ended" ->
                    Optional.of(
                            new SessionEnded(sessionId, RasaEventDecoder.time(object), Patch.NONE));
            default -> Optional.empty();
        };
    }

    private static SessionEvent turn(
            String sessionId, String role, String kind, JsonNode payload, EventFields envelope) {
        JsonNode object = envelope.asJson();
        Instant occurredAt = RasaEventDecoder.time(object);
        JsonNode data = payload.path("data");
        RasaContent.Shown shown =
                RasaContent.of(
                        new EventFields(payload, envelope.unread())
                                .shortText("text", Integer.MAX_VALUE),
                        data.isObject() ? data : without(payload, MAPPED));
        ObjectNode turn = JsonNodeFactory.instance.objectNode();
        turn.put("role", role);
        turn.set("content", shown.content());
        turn.set("sequence", object.path("sequence"));
        turn.set("userId", object.path("user_id"));
        turn.set("channel", payload.path("input_channel"));
        turn.set("turnId", firstOf(object.path("event_id"), payload.path("message_id")));
        turn.set("metadata", metadata(object, kind, payload, shown.rest()));
        turn.properties().removeIf(field -> field.getValue().isMissingNode());
        return EventMapper.event(
                "turn",
                sessionId,
                occurredAt,
                new EventFields(turn, envelope.unread()),
                () -> TurnIds.derived(object, occurredAt));
    }

    /** Returns all fields of the envelope and of the payload that have no other place. */
    private static ObjectNode metadata(
            JsonNode object, String kind, JsonNode payload, JsonNode rest) {
        ObjectNode metadata = without(object, ENVELOPE);
        metadata.remove(kind);
        if (payload.path("data").isObject()) {
            without(payload, MAPPED)
                    .properties()
                    .forEach(m -> metadata.set(m.getKey(), m.getValue()));
            metadata.set("data", rest);
        } else {
            rest.properties().forEach(m -> metadata.set(m.getKey(), m.getValue()));
        }
        if (object.has("metadata")) {
            metadata.set("metadata", object.get("metadata"));
        }
        return metadata;
    }

    private static ObjectNode without(JsonNode object, Set<String> names) {
        ObjectNode rest = object.deepCopy();
        return rest.remove(names);
    }

    private static SessionEvent memory(String sessionId, JsonNode payload, EventFields envelope) {
        EventFields fields = new EventFields(payload, envelope.unread());
        String name =
                List.of("name", "key", "memory_name", "memory").stream()
                        .filter(payload::hasNonNull)
                        .findFirst()
                        .map(fields::name)
                        .orElseThrow(() -> new UndecodableException("memory_set needs name"));
        return RasaEventDecoder.attribute(
                sessionId,
                RasaEventDecoder.time(envelope.asJson()),
                name,
                value(payload),
                envelope.unread());
    }

    /**
     * Returns the value of a memory. The field {@code value_json} has it as JSON text in a string,
     * so that a whole number stays a whole number.
     */
    private static JsonNode value(JsonNode payload) {
        JsonNode json = payload.path("value_json");
        if (!json.isTextual()) {
            return firstOf(payload.path("value"), NullNode.getInstance());
        }
        try {
            return ExactJson.read(json.textValue().getBytes(UTF_8));
        } catch (RefusedJsonException e) {
            throw new UndecodableException("value_json must be JSON");
        }
    }

    private static JsonNode firstOf(JsonNode one, JsonNode other) {
        return one.isMissingNode() || one.isNull() ? other : one;
    }
}
