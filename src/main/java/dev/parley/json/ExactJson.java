package dev.parley.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * Reads and writes JSON without changing it. Numbers keep their digits, and objects keep the order
 * of their keys. A document that has a key twice in one object is refused, because one of the two
 * values would be lost.
 */
public final class ExactJson {

    private static final byte[] BYTE_ORDER_MARK = "\ufeff".getBytes(UTF_8);

    private static final JsonMapper EVENTS =
            exact(
                            // The sender chooses the keys, so they are not interned. Only UTF-8 is
                            // read.
                            new JsonFactoryBuilder()
                                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                                    .streamReadConstraints(JsonLimits.OF_EVENTS)
                                    .build())
                    .nodeFactory(new JsonLimits.Nodes())
                    // In the tree, this check costs nothing. In the parser, it would take a quarter
                    // more time.
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    private static final JsonMapper ITEMS =
            exact(new JsonFactoryBuilder().streamReadConstraints(JsonLimits.OF_ITEMS).build())
                    .build();

    private ExactJson() {}

    private static JsonMapper.Builder exact(JsonFactory factory) {
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
    }

    /**
     * Reads one JSON value from outside, within {@link JsonLimits}.
     *
     * @throws RefusedJsonException if it is not valid JSON, or exceeds a limit
     */
    public static JsonNode read(byte[] utf8) throws RefusedJsonException {
        if (utf8.length > JsonLimits.MAX_BYTES) {
            throw new RefusedJsonException("larger than %d bytes".formatted(JsonLimits.MAX_BYTES));
        }
        requireUtf8(utf8);
        int start = startsWithByteOrderMark(utf8) ? BYTE_ORDER_MARK.length : 0;
        // The cause is left out, because Jackson's messages quote the input.
        try {
            return EVENTS.readTree(utf8, start, utf8.length - start);
        } catch (StreamConstraintsException e) {
            throw new RefusedJsonException(
                    "more than %d levels, %d digits in a number or %d characters in a key"
                            .formatted(
                                    JsonLimits.MAX_DEPTH,
                                    JsonLimits.MAX_DIGITS,
                                    JsonLimits.MAX_KEY));
        } catch (MismatchedInputException e) {
            boolean twice = e.getOriginalMessage().startsWith("Duplicate field");
            throw new RefusedJsonException(
                    (twice ? "a key comes twice in an object" : "not valid JSON") + at(e));
        } catch (JsonProcessingException e) {
            boolean noNumber = e.getOriginalMessage().contains("ALLOW_NON_NUMERIC_NUMBERS");
            throw new RefusedJsonException(
                    (noNumber ? "NaN or Infinity, which JSON doesn't have," : "not valid JSON")
                            + at(e));
        } catch (IOException e) {
            throw new RefusedJsonException("not valid JSON");
        } catch (NumberFormatException e) {
            throw new RefusedJsonException(
                    "a number with an exponent beyond %d".formatted(JsonLimits.MAX_EXPONENT));
        }
    }

    private static String at(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null ? "" : " at byte " + location.getByteOffset();
    }

    private static boolean startsWithByteOrderMark(byte[] utf8) {
        return utf8.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(
                        utf8,
                        0,
                        BYTE_ORDER_MARK.length,
                        BYTE_ORDER_MARK,
                        0,
                        BYTE_ORDER_MARK.length);
    }

    /**
     * Refuses bytes that are not valid UTF-8. Jackson accepts overlong encodings, so that two
     * different records would become the same. The JDK's fast decoder replaces malformed bytes by
     * replacement characters. Only if the result contains one, the strict decoder has to check the
     * bytes.
     */
    private static void requireUtf8(byte[] utf8) throws RefusedJsonException {
        if (new String(utf8, UTF_8).indexOf('\ufffd') < 0) {
            return;
        }
        try {
            var _ = UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
        } catch (CharacterCodingException e) {
            throw new RefusedJsonException("not valid UTF-8");
        }
    }

    /**
     * Reads an object that Parley wrote.
     *
     * @throws IllegalStateException if it is not valid JSON
     */
    public static ObjectNode readObject(String text) {
        try {
            return (ObjectNode) ITEMS.readTree(text);
        } catch (JsonProcessingException e) {
            throw unreadable("an item's JSON", e);
        }
    }

    /**
     * Returns an exception for a defect. It gives the position in the text, but not Jackson's
     * message, which quotes what people said.
     */
    static IllegalStateException unreadable(String what, IOException e) {
        JsonLocation location =
                e instanceof JsonProcessingException located ? located.getLocation() : null;
        return new IllegalStateException(
                "%s can't be read, at character %d"
                        .formatted(what, location == null ? -1 : location.getCharOffset()));
    }

    static JsonParser parser(String text) throws IOException {
        return ITEMS.createParser(text);
    }

    public static Json toJson(JsonNode node) {
        return new Json(node.toString());
    }

    /** Returns the members of an object, in their order. */
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

    /** Returns the JSON that {@code writing} produces. */
    public static String write(Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = ITEMS.createGenerator(text)) {
            writing.on(generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Writes JSON with a generator. */
    @FunctionalInterface
    public interface Writing {
        void on(JsonGenerator generator) throws IOException;
    }
}
