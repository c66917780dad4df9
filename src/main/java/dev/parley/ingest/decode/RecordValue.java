package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.json.ExactJson;
import dev.parley.json.JsonLimits;
import dev.parley.json.RefusedJsonException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record's value as the JSON object that it contains, without what serializers and
 * connectors put around it. If the value is not JSON, the reason names its format, if that can be
 * recognised.
 */
final class RecordValue {

    /**
     * The length of the prefix that Schema Registry's serializers write: a zero byte, and the
     * number of a schema in four bytes (<a
     * href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">wire
     * format</a>). They write it for JSON as well as for Avro and Protobuf.
     */
    private static final int PREFIX_BYTES = 5;

    private RecordValue() {}

    /**
     * Returns the JSON object of a record's value.
     *
     * @throws UndecodableException if it has none
     */
    static JsonNode object(byte @Nullable [] value) {
        byte[] bytes = value == null ? new byte[0] : value;
        if (bytes.length > JsonLimits.MAX_BYTES) {
            throw new UndecodableException("larger than %d bytes".formatted(JsonLimits.MAX_BYTES));
        }
        boolean prefixed = bytes.length > PREFIX_BYTES && bytes[0] == 0;
        byte[] json = prefixed ? Arrays.copyOfRange(bytes, PREFIX_BYTES, bytes.length) : bytes;
        if (prefixed && !looksLikeJson(json)) {
            throw new UndecodableException(
                    "Avro or Protobuf after Schema Registry's prefix, not JSON");
        }
        JsonNode read = read(json);
        return ConnectEnvelope.isEnvelope(read)
                ? payload(read.required("payload"))
                : requireObject(read);
    }

    private static JsonNode read(byte[] json) {
        try {
            return ExactJson.read(json);
        } catch (RefusedJsonException e) {
            throw new UndecodableException(
                    BinaryFormat.nameOf(json)
                            .map(format -> format + ", not JSON")
                            .orElseGet(() -> requireNonNull(e.getMessage())));
        }
    }

    /**
     * Returns the object in Kafka Connect's envelope. Connect's StringConverter leaves an object as
     * the text that it was.
     */
    private static JsonNode payload(JsonNode payload) {
        JsonNode event = payload.isTextual() ? read(payload.textValue().getBytes(UTF_8)) : payload;
        if (event.isNull()) {
            throw new UndecodableException("nothing in Kafka Connect's envelope");
        }
        return requireObject(event);
    }

    /**
     * Returns the JSON, which must be an object.
     *
     * @throws UndecodableException if it is not
     */
    static JsonNode requireObject(JsonNode json) {
        if (json.isObject()) {
            return json;
        }
        throw new UndecodableException(
                isDoubleJson(json)
                        ? "double JSON: an object in a JSON string"
                        : "not a JSON object");
    }

    static boolean isDoubleJson(JsonNode json) {
        return json.isTextual() && json.textValue().strip().startsWith("{");
    }

    private static boolean looksLikeJson(byte[] bytes) {
        return new String(bytes, 0, Math.min(bytes.length, 64), UTF_8).strip().startsWith("{");
    }
}
