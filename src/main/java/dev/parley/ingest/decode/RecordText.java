package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.json.ExactJson;
import dev.parley.json.RefusedJsonException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of keys and headers as text. */
final class RecordText {

    private RecordText() {}

    /** Returns the text; empty if there are no bytes, or if they are not UTF-8. */
    static Optional<String> of(byte @Nullable [] utf8) {
        if (utf8 == null || utf8.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns a key as the text that its producer meant: a JSON serializer puts it in quotes, and
     * Kafka Connect puts it in an envelope. A binary number or id, such as after the prefix of
     * Schema Registry, contains control characters and is not text.
     */
    static Optional<String> ofKey(byte @Nullable [] key) {
        return of(key).filter(RecordText::isPlain)
                .flatMap(RecordText::unwrapped)
                .filter(text -> !text.isEmpty() && isPlain(text));
    }

    private static boolean isPlain(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    private static Optional<String> unwrapped(String text) {
        if (!text.startsWith("\"") && !text.startsWith("{")) {
            return Optional.of(text);
        }
        try {
            JsonNode json = ExactJson.read(text.getBytes(UTF_8));
            if (json.isTextual()) {
                return Optional.of(json.textValue());
            }
            return ConnectEnvelope.isEnvelope(json)
                    ? payload(json.required("payload"))
                    : Optional.of(text);
        } catch (RefusedJsonException e) {
            return Optional.of(text);
        }
    }

    private static Optional<String> payload(JsonNode payload) {
        return payload.isTextual()
                ? Optional.of(payload.textValue())
                : EventFields.wholeNumber(payload).map(BigInteger::toString);
    }
}
