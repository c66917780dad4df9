package dev.parley.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * Reads and writes JSON without changing it: numbers keep their digits, keys their order, and a
 * document that says a key twice is refused rather than halved.
 */
public final class ExactJson {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private ExactJson() {}

    /**
     * Reads one JSON value.
     *
     * @throws JsonProcessingException where it is not one; its message may quote the input
     */
    public static JsonNode read(byte[] utf8) throws IOException {
        return MAPPER.readTree(utf8);
    }

    /** Reads an object that Parley wrote. */
    public static ObjectNode readObject(String text) {
        try {
            return (ObjectNode) MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("an item's JSON can't be read", e);
        }
    }

    static JsonParser parser(String text) throws IOException {
        return MAPPER.createParser(text);
    }

    public static Json toJson(JsonNode node) {
        return new Json(node.toString());
    }

    /** The members of an object, in their order. */
    public static Map<String, Json> members(JsonNode object) {
        Map<String, Json> members = new LinkedHashMap<>();
        object.properties()
                .forEach(member -> members.put(member.getKey(), toJson(member.getValue())));
        return members;
    }

    public static Json object(SortedMap<String, Json> members) {
        return new Json(
                write(
                        generator -> {
                            generator.writeStartObject();
                            for (Map.Entry<String, Json> member : members.entrySet()) {
                                generator.writeFieldName(member.getKey());
                                generator.writeRawValue(member.getValue().text());
                            }
                            generator.writeEndObject();
                        }));
    }

    /** The text that the writing produces. */
    public static String write(Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = MAPPER.createGenerator(text)) {
            writing.on(generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Something that writes JSON. */
    @FunctionalInterface
    public interface Writing {
        void on(JsonGenerator generator) throws IOException;
    }
}
