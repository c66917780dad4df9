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

/** The bytes of keys and headers as text. */
final class RecordText {

    private RecordText() {}

    /** Empty where there is nothing, or no text. */
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
     * A key as the text that its producer meant: what a JSON serializer put in quotes, or Kafka
     * Connect in an envelope. A number or an id in binary, such as behind Schema Registry's prefix,
     * has control characters and is no text.
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
            return ConnectEnvelope.isOne(json)
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
