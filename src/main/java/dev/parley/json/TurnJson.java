package dev.parley.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.Json;
import dev.parley.session.Role;
import dev.parley.session.Turn;
import dev.parley.session.Usage;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A turn as JSON: the form in which it is stored and returned to readers, with the field names of
 * Parley's own event. Absent fields, and a revision of 0, are left out.
 */
public final class TurnJson {

    private static final String PARTS = "parts";

    private TurnJson() {}

    public static void write(Turn turn, JsonGenerator generator) throws IOException {
        generator.writeStartObject();
        generator.writeStringField("turnId", turn.id());
        generator.writeStringField("occurredAt", turn.occurredAt().toString());
        if (turn.revision() > 0) {
            generator.writeNumberField("revision", turn.revision());
        }
        Long sequence = turn.sequence();
        if (sequence != null) {
            generator.writeNumberField("sequence", sequence);
        }
        generator.writeStringField("role", turn.role().wireName());
        Turn.Parts parts = turn.parts();
        if (parts == null) {
            write("content", turn.content(), generator);
        } else {
            write(parts, generator);
        }
        write("userId", turn.userId(), generator);
        write("channel", turn.channel(), generator);
        write("model", turn.model(), generator);
        write(turn.usage(), generator);
        Long latencyMs = turn.latencyMs();
        if (latencyMs != null) {
            generator.writeNumberField("latencyMs", latencyMs);
        }
        write("error", turn.error(), generator);
        write("metadata", turn.metadata(), generator);
        generator.writeEndObject();
    }

    /** Reads what {@link #write} wrote. */
    public static Turn read(JsonNode turn) {
        JsonNode usage = turn.get("usage");
        JsonNode latencyMs = turn.get("latencyMs");
        JsonNode sequence = turn.get("sequence");
        JsonNode parts = turn.get(PARTS);
        return new Turn(
                turn.required("turnId").textValue(),
                Instant.parse(turn.required("occurredAt").textValue()),
                turn.path("revision").asLong(0),
                sequence == null ? null : sequence.longValue(),
                Role.of(turn.required("role").textValue()).orElseThrow(),
                parts == null ? ExactJson.toJson(turn.required("content")) : new Json("null"),
                text(turn.get("userId")),
                text(turn.get("channel")),
                text(turn.get("model")),
                usage == null ? null : usage(usage),
                latencyMs == null ? null : latencyMs.longValue(),
                json(turn.get("error")),
                json(turn.get("metadata")),
                parts == null ? null : parts(parts));
    }

    /** The identity, the revision and the position of a turn, and where its text is. */
    public record Head(
            String turnId,
            Instant occurredAt,
            long revision,
            @Nullable Long sequence,
            Role role,
            Turn.@Nullable Parts parts) {}

    /** Reads the beginning of what {@link #write} wrote, without parsing the rest of the text. */
    public static Head readHead(String line) {
        try (JsonParser parser = ExactJson.parser(line)) {
            parser.nextToken();
            String turnId = requireField(parser, "turnId");
            Instant occurredAt = Instant.parse(requireField(parser, "occurredAt"));
            long revision = 0;
            Long sequence = null;
            String field = parser.nextFieldName();
            if ("revision".equals(field)) {
                revision = parser.nextLongValue(0);
                field = parser.nextFieldName();
            }
            if ("sequence".equals(field)) {
                sequence = parser.nextLongValue(0);
                field = parser.nextFieldName();
            }
            String role = "role".equals(field) ? parser.nextTextValue() : null;
            return new Head(
                    turnId,
                    occurredAt,
                    revision,
                    sequence,
                    Role.of(role == null ? "" : role).orElseThrow(),
                    PARTS.equals(parser.nextFieldName()) ? readParts(parser) : null);
        } catch (IOException e) {
            throw ExactJson.unreadable("a stored turn", e);
        }
    }

    private static String requireField(JsonParser parser, String name) throws IOException {
        String value = name.equals(parser.nextFieldName()) ? parser.nextTextValue() : null;
        if (value == null) {
            throw new IOException("a stored turn has no " + name + " where it should be");
        }
        return value;
    }

    private static void write(Turn.Parts parts, JsonGenerator generator) throws IOException {
        generator.writeObjectFieldStart(PARTS);
        generator.writeNumberField("first", parts.first());
        generator.writeNumberField("count", parts.count());
        generator.writeNumberField("version", parts.version());
        generator.writeEndObject();
    }

    private static Turn.Parts parts(JsonNode parts) {
        return new Turn.Parts(
                parts.required("first").intValue(),
                parts.required("count").intValue(),
                parts.required("version").longValue());
    }

    /** Reads the numbers in the order in which they were written. */
    private static Turn.Parts readParts(JsonParser parser) throws IOException {
        parser.nextToken();
        parser.nextFieldName();
        int first = parser.nextIntValue(0);
        parser.nextFieldName();
        int count = parser.nextIntValue(0);
        parser.nextFieldName();
        return new Turn.Parts(first, count, parser.nextLongValue(0));
    }

    private static Usage usage(JsonNode usage) {
        return new Usage(
                usage.required("inputTokens").longValue(),
                usage.required("outputTokens").longValue(),
                usage.path("cachedInputTokens").asLong(0),
                usage.path("reasoningTokens").asLong(0));
    }

    private static void write(@Nullable Usage usage, JsonGenerator generator) throws IOException {
        if (usage != null) {
            generator.writeObjectFieldStart("usage");
            generator.writeNumberField("inputTokens", usage.inputTokens());
            generator.writeNumberField("outputTokens", usage.outputTokens());
            if (usage.cachedInputTokens() > 0) {
                generator.writeNumberField("cachedInputTokens", usage.cachedInputTokens());
            }
            if (usage.reasoningTokens() > 0) {
                generator.writeNumberField("reasoningTokens", usage.reasoningTokens());
            }
            generator.writeEndObject();
        }
    }

    private static void write(String name, @Nullable String value, JsonGenerator generator)
            throws IOException {
        if (value != null) {
            generator.writeStringField(name, value);
        }
    }

    private static void write(String name, @Nullable Json value, JsonGenerator generator)
            throws IOException {
        if (value != null) {
            generator.writeFieldName(name);
            generator.writeRawValue(value.text());
        }
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null ? null : node.textValue();
    }

    private static @Nullable Json json(@Nullable JsonNode node) {
        return node == null ? null : ExactJson.toJson(node);
    }
}
