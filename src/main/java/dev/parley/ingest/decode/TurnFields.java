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

/** The fields of a turn. Only without a role, or without anything said, there is none. */
final class TurnFields {

    /** What says which turn it is, and nothing of what was said. */
    private static final Set<String> IDENTITY =
            Set.of("type", "sessionId", "turnId", "occurredAt", "role", "content");

    /** What platforms put in the place of a content, or beside it. */
    private static final Set<String> SAID =
            Set.of(
                    "content",
                    "tool_calls",
                    "toolCalls",
                    "function_call",
                    "refusal",
                    "attachments",
                    "parts",
                    "audio");

    private static final Json NOTHING = new Json("\"\"");

    private TurnFields() {}

    /** Whether an event of that shape is a turn, whatever its type says. */
    static boolean isTurn(JsonNode event) {
        return event.path("role").isTextual() && SAID.stream().anyMatch(event::has);
    }

    /**
     * @param turnId the turn's, where the fields name none
     */
    static Turn turn(EventFields fields, Instant occurredAt, Supplier<String> turnId) {
        String word = word(fields);
        Role role = Roles.of(word);
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
                // At last: it has what none of the others could be read as.
                metadata(fields, role, word, tokens.rest()));
    }

    private static String word(EventFields fields) {
        JsonNode role = fields.present("role");
        if (role != null && !role.isTextual()) {
            throw new UndecodableException("role must be a string");
        }
        String word = role == null ? "" : fields.name("role");
        if (word == null || word.isBlank()) {
            throw new UndecodableException("a turn needs role");
        }
        return word;
    }

    /** One that is too long is hashed, so that its copies and revisions find their turn. */
    private static @Nullable String id(EventFields fields) {
        String id = fields.shortText("turnId", EventMapper.MAX_ID_LENGTH);
        JsonNode said = fields.present("turnId");
        return id == null && said != null && said.isTextual() && !said.textValue().isEmpty()
                ? TurnIds.shortened(said.textValue())
                : id;
    }

    /**
     * A string or an array of content parts, as it is; one part without an array, in one; a number
     * or a truth value, its text. Without any of them something else was said.
     */
    private static Json content(EventFields fields) {
        JsonNode said = fields.present("content");
        if (said == null) {
            if (!fields.hasBeyond(IDENTITY)) {
                throw new UndecodableException("a turn needs content");
            }
            return NOTHING;
        }
        Json content = EventFields.json("content", said);
        if (said.isObject()) {
            return new Json("[" + content.text() + "]");
        }
        return said.isContainerNode() || said.isTextual()
                ? content
                : ExactJson.toJson(TextNode.valueOf(content.text()));
    }

    /** Many platforms always send the field. */
    private static @Nullable Json error(EventFields fields) {
        JsonNode said = fields.present("error");
        boolean none =
                said == null
                        || (said.isBoolean() && !said.booleanValue())
                        || (said.isTextual() && said.textValue().isEmpty())
                        || (said.isContainerNode() && said.isEmpty());
        return none ? null : fields.json("error");
    }

    /** The platform's metadata, and all that Parley has no place of its own for. */
    private static @Nullable Json metadata(
            EventFields fields, Role role, String word, Map<String, Json> usage) {
        SortedMap<String, Json> metadata = new TreeMap<>();
        fields.object("metadata").ifPresent(own -> metadata.putAll(own.beyond(Set.of())));
        SortedMap<String, Json> more = new TreeMap<>(fields.beyond(EventMapper.KNOWN));
        // A CloudEvent has its type elsewhere: one in its data is the platform's own.
        Optional.ofNullable(fields.json("type"))
                .filter(
                        type ->
                                EventMapper.TYPES.stream()
                                        .noneMatch(known -> fields.is("type", known)))
                .ifPresent(type -> more.put("type", type));
        if (!word.equals(role.wireName())) {
            more.put("role", EventFields.json("role", TextNode.valueOf(word)));
        }
        if (!usage.isEmpty()) {
            more.put("usage", ExactJson.object(new TreeMap<>(usage)));
        }
        more.putAll(fields.unread().asSaid());
        more.forEach((name, value) -> metadata.put(freeName(metadata, name), value));
        return metadata.isEmpty() ? null : ExactJson.object(metadata);
    }

    /** The platform's own metadata keeps its names; what the event says beside it gets others. */
    private static String freeName(Map<String, Json> metadata, String name) {
        return metadata.containsKey(name) ? freeName(metadata, "event." + name) : name;
    }
}
