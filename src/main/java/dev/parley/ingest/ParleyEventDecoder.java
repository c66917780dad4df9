package dev.parley.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.json.ExactJson;
import dev.parley.session.Json;
import dev.parley.session.Patch;
import dev.parley.session.Role;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.Turn;
import dev.parley.session.Usage;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Parley's own event, a JSON object: see the README for its fields. */
@Singleton
@Priority(0)
class ParleyEventDecoder implements EventDecoder {

    /**
     * UTF-16 units; it keeps an id within the 2,048 bytes that a partition key of an index takes
     * (<a
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

    private static final Set<String> KNOWN_USAGE = Set.of("inputTokens", "outputTokens");

    /** All that no other format recognises. */
    @Override
    public boolean recognises(EventRecord received) {
        return true;
    }

    @Override
    public Optional<SessionEvent> decode(EventRecord received) {
        JsonNode object = received.object();
        EventFields fields = new EventFields(object);
        String type = fields.text("type");
        String sessionId = SessionIds.of(fields.text("sessionId"), received, "no sessionId");
        Instant told = fields.time("occurredAt");
        Instant occurredAt = told == null ? received.timestamp() : told;
        return Optional.of(
                event(
                        type == null ? "turn" : type,
                        sessionId,
                        occurredAt,
                        fields,
                        () -> TurnIds.derived(object, occurredAt)));
    }

    /**
     * The event that the fields tell of, whatever brought them.
     *
     * @param turnId the turn's, where the fields name none
     */
    static SessionEvent event(
            String type,
            String sessionId,
            Instant occurredAt,
            EventFields fields,
            Supplier<String> turnId) {
        return switch (type) {
            case "turn" ->
                    new TurnRecorded(sessionId, turn(fields, occurredAt, turnId), patch(fields));
            case "session.updated" -> new SessionUpdated(sessionId, occurredAt, patch(fields));
            case "session.ended" -> new SessionEnded(sessionId, occurredAt, patch(fields));
            case "session.deleted" -> new SessionDeleted(sessionId, occurredAt);
            default ->
                    throw new UndecodableException(
                            "type must be turn, session.updated, session.ended or session.deleted");
        };
    }

    private static Turn turn(EventFields fields, Instant occurredAt, Supplier<String> turnId) {
        String id = fields.shortText("turnId", MAX_ID_LENGTH);
        String role = required(fields.text("role"), "role");
        return new Turn(
                id == null ? turnId.get() : id,
                occurredAt,
                or(fields.revision("revision"), 0L),
                null,
                Role.of(role)
                        .orElseThrow(
                                () ->
                                        new UndecodableException(
                                                "role must be user, assistant, system or tool")),
                required(fields.content("content"), "content"),
                fields.shortText("userId", MAX_ID_LENGTH),
                fields.shortText("channel", MAX_ID_LENGTH),
                fields.text("model"),
                fields.object("usage").map(ParleyEventDecoder::usage).orElse(null),
                fields.amount("latencyMs"),
                fields.json("error"),
                metadata(fields));
    }

    private static Usage usage(EventFields usage) {
        return new Usage(or(usage.amount("inputTokens"), 0L), or(usage.amount("outputTokens"), 0L));
    }

    private static Patch patch(EventFields fields) {
        return new Patch(
                fields.shortText("userId", MAX_ID_LENGTH),
                fields.shortText("channel", MAX_ID_LENGTH),
                fields.object("attributes").map(EventFields::patch).orElse(Map.of()),
                fields.object("userData").map(EventFields::patch).orElse(Map.of()));
    }

    /** The platform's metadata, and every field that Parley has no place of its own for. */
    private static @Nullable Json metadata(EventFields fields) {
        SortedMap<String, Json> metadata = new TreeMap<>(fields.beyond(KNOWN));
        // A CloudEvent has its type elsewhere: one in its data is the platform's own.
        Json type = fields.json("type");
        if (type != null && TYPES.stream().noneMatch(known -> fields.is("type", known))) {
            metadata.put("type", type);
        }
        fields.object("usage")
                .map(usage -> new TreeMap<>(usage.beyond(KNOWN_USAGE)))
                .filter(more -> !more.isEmpty())
                .ifPresent(more -> metadata.put("usage", ExactJson.object(more)));
        fields.object("metadata").ifPresent(own -> metadata.putAll(own.beyond(Set.of())));
        return metadata.isEmpty() ? null : ExactJson.object(metadata);
    }

    private static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw new UndecodableException("a turn needs " + name);
        }
        return value;
    }

    private static <T> T or(@Nullable T value, T other) {
        return value == null ? other : value;
    }
}
