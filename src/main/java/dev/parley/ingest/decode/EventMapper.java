package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.Patch;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import dev.parley.session.SessionEvent.TurnRecorded;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Maps the fields of Parley's own event, which other formats have too, to an event of a session.
 */
final class EventMapper {

    /**
     * The longest id in UTF-16 units. It keeps an id within the 2,048 bytes that the partition key
     * of an index may have (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html">Constraints</a>).
     */
    static final int MAX_ID_LENGTH = Session.MAX_USER_ID_LENGTH;

    static final Set<String> TYPES =
            Set.of("turn", "session.updated", "session.ended", "session.deleted");

    static final Set<String> KNOWN =
            Set.of(
                    "type",
                    "sessionId",
                    "turnId",
                    "occurredAt",
                    "revision",
                    "sequence",
                    "role",
                    "content",
                    "userId",
                    "channel",
                    "model",
                    "usage",
                    "latencyMs",
                    "error",
                    "metadata",
                    "attributes",
                    "userData");

    /** The names of the fields that can be in {@link UnreadFields}, in any format. */
    static final Set<String> DETAILS =
            Set.of(
                    "turnId",
                    "revision",
                    "sequence",
                    "userId",
                    "channel",
                    "model",
                    "usage",
                    "latencyMs",
                    "metadata",
                    "attributes",
                    "userData",
                    "text");

    private EventMapper() {}

    /**
     * Returns the kind of event, one of {@link #TYPES}. Platforms use types of their own for what
     * is a turn in Parley.
     *
     * @throws UndecodableException if the event is of no known kind
     */
    static String type(JsonNode event) {
        JsonNode type = event.path("type");
        if (type.isTextual() && TYPES.contains(type.textValue())) {
            return type.textValue();
        }
        if (type.isMissingNode() || type.isNull() || TurnFields.isTurn(event)) {
            return "turn";
        }
        throw new UndecodableException(
                "type must be turn, session.updated, session.ended or session.deleted");
    }

    /**
     * Returns the event that the fields describe, whatever format they come from.
     *
     * @param type one of {@link #TYPES}
     * @param turnId gives the id of a turn whose fields have none
     */
    static SessionEvent event(
            String type,
            String sessionId,
            Instant occurredAt,
            EventFields fields,
            Supplier<String> turnId) {
        if (type.equals("session.deleted")) {
            return new SessionDeleted(sessionId, occurredAt);
        }
        Patch patch = patch(fields);
        return switch (type) {
            case "turn" ->
                    new TurnRecorded(sessionId, TurnFields.turn(fields, occurredAt, turnId), patch);
            case "session.ended" -> new SessionEnded(sessionId, occurredAt, patch);
            case "session.updated" -> {
                fields.unread().requireNone();
                yield new SessionUpdated(sessionId, occurredAt, patch);
            }
            default -> throw new IllegalArgumentException("not a type of Parley's own event");
        };
    }

    private static Patch patch(EventFields fields) {
        return new Patch(
                fields.shortText("userId", MAX_ID_LENGTH),
                fields.shortText("channel", MAX_ID_LENGTH),
                fields.patch("attributes"),
                fields.patch("userData"));
    }
}
