package dev.parley.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.json.ExactJson;
import dev.parley.session.Json;
import dev.parley.session.Patch;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.SessionId;
import dev.parley.session.Turn;
import dev.parley.session.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Parley's own event, a JSON object: see the README for its fields. */
final class ParleyEventDecoder {

    /**
     * UTF-16 units; it keeps an id within the 2,048 bytes that a partition key of an index takes
     * (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html">Constraints</a>).
     */
    static final int MAX_ID_LENGTH = 512;

    private static final Set<String> KNOWN =
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

    private ParleyEventDecoder() {}

    /**
     * Says what the record means.
     *
     * @throws UndecodableException if it means nothing
     */
    static SessionEvent decode(ConsumerRecord<byte[], byte[]> received) {
        JsonNode object = object(received.value());
        EventFields fields = new EventFields(object);
        String sessionId = sessionId(fields, received);
        Instant occurredAt =
                or(fields.time("occurredAt"), Instant.ofEpochMilli(received.timestamp()));
        String type = fields.text("type");
        return switch (type == null ? "turn" : type) {
            case "turn" ->
                    new TurnRecorded(sessionId, turn(object, fields, occurredAt), patch(fields));
            case "session.updated" -> new SessionUpdated(sessionId, occurredAt, patch(fields));
            case "session.ended" -> new SessionEnded(sessionId, occurredAt, patch(fields));
            case "session.deleted" -> new SessionDeleted(sessionId, occurredAt);
            default ->
                    throw new UndecodableException(
                            "type must be turn, session.updated, session.ended or session.deleted");
        };
    }

    private static JsonNode object(byte[] value) {
        try {
            JsonNode node = ExactJson.read(value);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            // Without its cause: Jackson's messages quote the input.
            throw new UndecodableException(
                    "not valid JSON at byte " + e.getLocation().getByteOffset());
        } catch (IOException e) {
            throw new UndecodableException("not valid JSON");
        }
        throw new UndecodableException("not a JSON object");
    }

    private static String sessionId(EventFields fields, ConsumerRecord<byte[], byte[]> received) {
        String id = fields.text("sessionId");
        if (id == null) {
            id = Keys.text(received).orElseThrow(() -> new UndecodableException("no sessionId"));
        }
        SessionId.problemWith(id)
                .ifPresent(
                        problem -> {
                            throw new UndecodableException(problem);
                        });
        return id;
    }

    private static Turn turn(JsonNode object, EventFields fields, Instant occurredAt) {
        String id = fields.shortText("turnId", MAX_ID_LENGTH);
        String role = required(fields.text("role"), "role");
        return new Turn(
                id == null ? TurnIds.derived(object, occurredAt) : id,
                occurredAt,
                or(fields.count("revision"), 0L),
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
                fields.count("latencyMs"),
                fields.json("error"),
                metadata(fields));
    }

    private static Usage usage(EventFields usage) {
        return new Usage(or(usage.count("inputTokens"), 0L), or(usage.count("outputTokens"), 0L));
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
