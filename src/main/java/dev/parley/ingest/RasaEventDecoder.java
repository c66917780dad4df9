package dev.parley.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.Patch;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionUpdated;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Rasa's event broker publishes: {@code user} and {@code bot} are turns, {@code slot} is an
 * attribute, {@code session_started} starts a session; all else is how the bot came to its answer
 * and is ignored (<a href="https://rasa.com/docs/reference/integrations/event-brokers/">Event
 * brokers</a>). Bot events have no id, so theirs is derived from the whole event.
 */
@Singleton
@Priority(200)
class RasaEventDecoder implements EventDecoder {

    /** What becomes of these is told by other fields of the turn. */
    private static final Set<String> TAKEN =
            Set.of("sender_id", "event", "timestamp", "text", "message_id", "input_channel");

    @Override
    public boolean recognises(EventRecord received) {
        JsonNode object = received.object();
        return object.has("sender_id") && object.has("event");
    }

    @Override
    public Optional<SessionEvent> decode(EventRecord received) {
        JsonNode object = received.object();
        EventFields fields = new EventFields(object);
        String sessionId = SessionIds.of(fields.text("sender_id"), received, "no sender_id");
        String event = fields.text("event");
        return switch (event == null ? "" : event) {
            case "user", "bot" -> Optional.of(turn(sessionId, event, object, time(object)));
            case "slot" -> Optional.of(slot(sessionId, fields, object, time(object)));
            case "session_started" ->
                    Optional.of(new SessionUpdated(sessionId, time(object), Patch.NONE));
            default -> Optional.empty();
        };
    }

    private static SessionEvent turn(
            String sessionId, @Nullable String event, JsonNode object, Instant occurredAt) {
        ObjectNode turn = JsonNodeFactory.instance.objectNode();
        turn.put("role", "user".equals(event) ? "user" : "assistant");
        // A bot may answer with a picture or buttons alone: they are in its data.
        String text = new EventFields(object).text("text");
        turn.put("content", text == null ? "" : text);
        turn.set("channel", object.path("input_channel"));
        turn.set("turnId", object.path("message_id"));
        turn.set("metadata", metadata(object));
        turn.properties().removeIf(field -> field.getValue().isMissingNode());
        return ParleyEventDecoder.event(
                "turn",
                sessionId,
                occurredAt,
                new EventFields(turn),
                () -> TurnIds.derived(object, occurredAt));
    }

    private static ObjectNode metadata(JsonNode object) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        object.properties().stream()
                .filter(field -> !TAKEN.contains(field.getKey()))
                .forEach(field -> metadata.set(field.getKey(), field.getValue()));
        JsonNode intent = object.path("parse_data").path("intent").path("name");
        if (intent.isTextual()) {
            metadata.set("intent", intent);
        }
        return metadata;
    }

    private static SessionEvent slot(
            String sessionId, EventFields fields, JsonNode object, Instant occurredAt) {
        String name = fields.text("name");
        if (name == null) {
            throw new UndecodableException("a slot needs name");
        }
        ObjectNode attribute = JsonNodeFactory.instance.objectNode();
        attribute.set(name, object.has("value") ? object.get("value") : attribute.nullNode());
        return new SessionUpdated(
                sessionId,
                occurredAt,
                new Patch(null, null, new EventFields(attribute).patch(), Map.of()));
    }

    /** Seconds since 1970, as a floating-point number. */
    private static Instant time(JsonNode object) {
        JsonNode seconds = object.path("timestamp");
        if (seconds.isNumber()) {
            BigDecimal decimal = seconds.decimalValue();
            // Within the years 1970 to 9999; the scale bounds what an exponent makes of it.
            if (decimal.signum() >= 0
                    && decimal.precision() - decimal.scale() <= 12
                    && decimal.compareTo(BigDecimal.valueOf(253_402_300_799L)) <= 0) {
                long whole = decimal.longValue();
                return Instant.ofEpochSecond(
                        whole,
                        decimal.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue());
            }
        }
        throw new UndecodableException("timestamp must be seconds, from the year 1970 to 9999");
    }
}
