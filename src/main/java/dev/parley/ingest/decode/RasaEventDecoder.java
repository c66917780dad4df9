package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.Patch;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decodes what Rasa's event broker publishes. {@code user}, {@code bot} and {@code agent} are
 * turns, and {@code slot} sets an attribute. {@code reset_slots}, {@code restart} and {@code
 * session_started} clear the attributes; slots that are carried over into the new session are set
 * again after it. {@code session_ended} ends the session. All other events describe how the bot
 * found its answer, and are ignored (<a
 * href="https://rasa.com/docs/reference/integrations/event-brokers/">Event brokers</a>). Bot events
 * have no id, so the id of their turn is derived from the whole event.
 */
final class RasaEventDecoder implements EventDecoder {

    private static final Map<String, String> ROLES =
            Map.of("user", "user", "bot", "assistant", "agent", "agent");

    /** Fields that other fields of the turn are made of. They are not copied to the metadata. */
    private static final Set<String> MAPPED =
            Set.of(
                    "sender_id",
                    "event",
                    "timestamp",
                    "text",
                    "message_id",
                    "input_channel",
                    "data");

    /**
     * Recognises an event with a sender and an event name that is not a turn of Parley's own event.
     * Other platforms may send these two fields with their turns, too.
     */
    @Override
    public boolean recognises(EventRecord received) {
        JsonNode object = received.object();
        return object.has("sender_id") && object.has("event") && !TurnFields.isTurn(object);
    }

    @Override
    public Optional<SessionEvent> decode(EventRecord received) {
        JsonNode object = received.object();
        EventFields fields = received.fields(object);
        String sessionId = SessionIds.of(fields.name("sender_id"), received, "no sender_id");
        String named = fields.name("event");
        String event = named == null ? "" : named;
        return switch (event) {
            case "user", "bot", "agent" -> Optional.of(turn(sessionId, event, fields, object));
            case "slot" -> Optional.of(slot(sessionId, fields, object));
            case "session_started", "restart", "reset_slots" ->
                    Optional.of(new SessionUpdated(sessionId, time(object), Patch.CLEARED));
            case "session_ended" ->
                    Optional.of(new SessionEnded(sessionId, time(object), Patch.NONE));
            default -> Optional.empty();
        };
    }

    private static SessionEvent turn(
            String sessionId, String event, EventFields fields, JsonNode object) {
        Instant occurredAt = time(object);
        RasaContent.Shown shown =
                RasaContent.of(fields.shortText("text", Integer.MAX_VALUE), object.path("data"));
        ObjectNode turn = JsonNodeFactory.instance.objectNode();
        turn.put("role", ROLES.get(event));
        turn.set("content", shown.content());
        turn.set("channel", object.path("input_channel"));
        turn.set("turnId", object.path("message_id"));
        turn.set("metadata", metadata(object, shown.rest()));
        turn.properties().removeIf(field -> field.getValue().isMissingNode());
        return EventMapper.event(
                "turn",
                sessionId,
                occurredAt,
                new EventFields(turn, fields.unread()),
                () -> TurnIds.derived(object, occurredAt));
    }

    private static ObjectNode metadata(JsonNode object, JsonNode data) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        object.properties().stream()
                .filter(field -> !MAPPED.contains(field.getKey()))
                .forEach(field -> metadata.set(field.getKey(), field.getValue()));
        if (object.has("data")) {
            metadata.set("data", data);
        }
        JsonNode intent = object.path("parse_data").path("intent").path("name");
        if (intent.isTextual()) {
            metadata.set("intent", intent);
        }
        return metadata;
    }

    private static SessionEvent slot(String sessionId, EventFields fields, JsonNode object) {
        String name = fields.name("name");
        if (name == null) {
            throw new UndecodableException("a slot needs name");
        }
        return attribute(sessionId, time(object), name, object.path("value"), fields.unread());
    }

    /**
     * Returns an update of one attribute.
     *
     * @param value null, or missing, to remove the attribute
     */
    static SessionEvent attribute(
            String sessionId, Instant at, String name, JsonNode value, UnreadFields unread) {
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        attributes.set(name, value.isMissingNode() ? attributes.nullNode() : value);
        ObjectNode update = JsonNodeFactory.instance.objectNode();
        update.set("attributes", attributes);
        return EventMapper.event(
                "session.updated", sessionId, at, new EventFields(update, unread), () -> "");
    }

    /**
     * Returns the time of an event: seconds since 1970 as a floating-point number, or a time in any
     * other supported form.
     */
    static Instant time(JsonNode object) {
        return EventTimes.ofSeconds(object.path("timestamp"))
                .orElseThrow(() -> new UndecodableException("timestamp" + EventTimes.EXPECTED));
    }
}
