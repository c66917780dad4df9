package dev.parley.ingest.decode;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.json.ExactJson;
import dev.parley.session.Json;
import dev.parley.session.Role;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a turn. A turn needs a role, and something that was said. */
final class TurnFields {

    /**
     * Fields that identify a turn. An event with these fields alone contains nothing that was said.
     */
    private static final Set<String> IDENTITY =
            Set.of("type", "sessionId", "turnId", "occurredAt", "role", "content");

    /** The content, and the fields that platforms send instead of it or in addition to it. */
    private static final Set<String> CONTENT_FIELDS =
            Set.of(
                    "content",
                    "tool_calls",
                    "toolCalls",
                    "function_call",
                    "refusal",
                    "attachments",
                    "parts",
                    "audio");

    private static final Json EMPTY = new Json("\"\"");

    private TurnFields() {}

    /** Returns whether an event has the shape of a turn, whatever its type is. */
    static boolean isTurn(JsonNode event) {
        return event.path("role").isTextual() && CONTENT_FIELDS.stream().anyMatch(event::has);
    }

    /**
     * Returns the turn that the fields describe.
     *
     * @param turnId gives the id if the fields have none
     */
    static Turn turn(EventFields fields, Instant occurredAt, Supplier<String> turnId) {
        String roleName = roleName(fields);
        Role role = Roles.of(roleName);
        String id = id(fields);
        Json content = content(fields);
        Long revision = fields.revision("revision");
        Long sequence = fields.sequence("sequence");
        String userId = fields.shortText("userId", EventMapper.MAX_ID_LENGTH);
        String channel = fields.shortText("channel", EventMapper.MAX_ID_LENGTH);
        String model = fields.shortText("model", Integer.MAX_VALUE);
        TokenUsage tokens = TokenUsage.of(fields);
        Long latencyMs = fields.amount("latencyMs");
        return new Turn(
                id == null ? turnId.get() : id,
                occurredAt,
                requireNonNullElse(revision, 0L),
                sequence,
                role,
                content,
                userId,
                channel,
                model,
                tokens.usage(),
                latencyMs,
                error(fields),
                // Last, because it also contains the fields that could not be read before.
                metadata(fields, role, roleName, tokens.rest()));
    }

    private static String roleName(EventFields fields) {
        JsonNode role = fields.present("role");
        if (role != null && !role.isTextual()) {
            throw new UndecodableException("role must be a string");
        }
        String roleName = role == null ? "" : fields.name("role");
        if (roleName == null || roleName.isBlank()) {
            throw new UndecodableException("a turn needs role");
        }
        return roleName;
    }

    /**
     * Returns the id; null if there is none. An id that is too long is hashed, so that the
     * duplicates and the revisions of the turn still have the same id.
     */
    private static @Nullable String id(EventFields fields) {
        String id = fields.shortText("turnId", EventMapper.MAX_ID_LENGTH);
        JsonNode value = fields.present("turnId");
        return id == null && value != null && value.isTextual() && !value.textValue().isEmpty()
                ? TurnIds.shortened(value.textValue())
                : id;
    }

    /**
     * Returns the content. A string or an array of content parts is returned as it is. A single
     * part becomes an array, and a number or a boolean becomes a string. If the content is absent,
     * another field must contain something, and the content is empty.
     */
    private static Json content(EventFields fields) {
        JsonNode value = fields.present("content");
        if (value == null) {
            if (!fields.hasFieldBesides(IDENTITY)) {
                throw new UndecodableException("a turn needs content");
            }
            return EMPTY;
        }
        Json content = EventFields.json("content", value);
        if (value.isObject()) {
            return new Json("[" + content.text() + "]");
        }
        return value.isContainerNode() || value.isTextual()
                ? content
                : ExactJson.toJson(TextNode.valueOf(content.text()));
    }

    /**
     * Returns the error; null if it is absent, false or empty, because many platforms always send
     * the field.
     */
    private static @Nullable Json error(EventFields fields) {
        JsonNode value = fields.present("error");
        boolean none =
                value == null
                        || (value.isBoolean() && !value.booleanValue())
                        || (value.isTextual() && value.textValue().isEmpty())
                        || (value.isContainerNode() && value.isEmpty());
        return none ? null : fields.json("error");
    }

    /** Returns the platform's metadata, and all fields for which a turn has no other place. */
    private static @Nullable Json metadata(
            EventFields fields, Role role, String roleName, Map<String, Json> usage) {
        SortedMap<String, Json> metadata = new TreeMap<>();
        fields.object("metadata").ifPresent(own -> metadata.putAll(own.fieldsExcept(Set.of())));
        SortedMap<String, Json> more = new TreeMap<>(fields.fieldsExcept(EventMapper.KNOWN));
        // A CloudEvent has its type in an attribute, so a type in its data belongs to the platform.
        Optional.ofNullable(fields.json("type"))
                .filter(
                        type ->
                                EventMapper.TYPES.stream()
                                        .noneMatch(known -> fields.is("type", known)))
                .ifPresent(type -> more.put("type", type));
        if (!roleName.equals(role.wireName())) {
            more.put("role", EventFields.json("role", TextNode.valueOf(roleName)));
        }
        if (!usage.isEmpty()) {
            more.put("usage", ExactJson.object(new TreeMap<>(usage)));
        }
        more.putAll(fields.unread().asSent());
        more.forEach((name, value) -> metadata.put(freeName(metadata, name), value));
        return metadata.isEmpty() ? null : ExactJson.object(metadata);
    }

    /**
     * Returns a free name for a field of the event. The platform's own metadata keeps its names.
     */
    private static String freeName(Map<String, Json> metadata, String name) {
        return metadata.containsKey(name) ? freeName(metadata, "event." + name) : name;
    }
}
