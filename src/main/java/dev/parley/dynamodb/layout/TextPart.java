package dev.parley.dynamodb.layout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.json.ExactJson;
import dev.parley.json.TurnJson;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A part of the text of a large turn, in an item of its own. The block of the turn contains only
 * what Parley itself needs, and the numbers of the parts. Each part can be read alone.
 *
 * <p>Parts are written before the head, with the version that the head gets, and never changed. The
 * head states the number of the next part, so that parts that a crashed writer has left are found.
 *
 * @param text a piece of the turn as JSON
 * @param occurredAt when the turn happened; a deletion erases parts by this time
 * @param expiresAt when the turn expires
 */
public record TextPart(int number, AttributeValue text, Instant occurredAt, Instant expiresAt) {

    private static final String KEY_SUFFIX = "#part";

    /** The two upper bits of a byte of UTF-8 that is not the first one of its character. */
    private static final int UPPER_BITS = 0b1100_0000;

    private static final int CONTINUATION = 0b1000_0000;

    /** The attributes that are made from the turn. */
    public static final Set<String> CONTENT = Set.of(SessionTable.TEXT, SessionTable.OCCURRED_AT);

    /**
     * Divides the text of a turn.
     *
     * @param first the number of the first part
     */
    public static List<TextPart> of(Turn turn, int first, BlockSize size, Instant expiresAt) {
        byte[] text = ExactJson.write(generator -> TurnJson.write(turn, generator)).getBytes(UTF_8);
        List<TextPart> parts = new ArrayList<>();
        for (int from = 0; from < text.length; ) {
            int to = Math.min(text.length, from + size.partBytes());
            while (to < text.length && (text[to] & UPPER_BITS) == CONTINUATION) {
                to--;
            }
            parts.add(
                    new TextPart(
                            first + parts.size(),
                            attribute(text, from, to, size.encoding()),
                            turn.occurredAt(),
                            expiresAt));
            from = to;
        }
        return parts;
    }

    private static AttributeValue attribute(
            byte[] text, int from, int to, TurnBlock.Encoding encoding) {
        byte[] piece = Arrays.copyOfRange(text, from, to);
        return encoding == TurnBlock.Encoding.PLAIN
                ? AttributeValue.fromS(new String(piece, UTF_8))
                : AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(Deflate.deflate(piece, null)));
    }

    public static String key(String sessionId, int number) {
        return sessionId + KEY_SUFFIX + number;
    }

    /** Returns the keys of these parts, in order. */
    public static List<String> keys(String sessionId, Turn.Parts parts) {
        return IntStream.range(parts.first(), parts.first() + parts.count())
                .mapToObj(number -> key(sessionId, number))
                .toList();
    }

    /**
     * Returns the change that writes the part.
     *
     * @param version the version of the head that refers to it
     */
    public ItemChange change(String sessionId, long version) {
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put(SessionTable.SESSION_ID, Attributes.text(key(sessionId, number)));
        attributes.put(SessionTable.TEXT, text);
        attributes.put(SessionTable.OCCURRED_AT, Attributes.time(occurredAt));
        attributes.put(SessionTable.SEALED_AT_VERSION, Attributes.number(version));
        attributes.put(SessionTable.EXPIRES_AT, Attributes.expiry(expiresAt));
        return new ItemChange(attributes, Set.of(), true);
    }

    /**
     * Returns the text of the part in an item.
     *
     * @param version the version with which the part was written
     * @return empty if the item does not exist, was erased, or has another version
     */
    private static Optional<String> text(Map<String, AttributeValue> item, long version) {
        AttributeValue text = item.get(SessionTable.TEXT);
        if (text == null || Attributes.number(item, SessionTable.SEALED_AT_VERSION) != version) {
            return Optional.empty();
        }
        return Optional.of(
                text.b() == null
                        ? text.s()
                        : new String(Deflate.inflate(text.b().asByteArrayUnsafe()), UTF_8));
    }

    /** Returns the whole text; empty if one of its parts is missing among the items. */
    public static Optional<String> text(
            String sessionId, Turn.Parts parts, Map<String, Map<String, AttributeValue>> items) {
        StringBuilder whole = new StringBuilder();
        for (String key : keys(sessionId, parts)) {
            Optional<String> text = text(items.getOrDefault(key, Map.of()), parts.version());
            if (text.isEmpty()) {
                return Optional.empty();
            }
            whole.append(text.get());
        }
        return Optional.of(whole.toString());
    }
}
