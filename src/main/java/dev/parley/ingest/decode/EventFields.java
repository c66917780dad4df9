package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.json.ExactJson;
import dev.parley.session.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of an event, each as the type that it must have. JSON null counts as absent.
 *
 * <p>An event that has an invalid value in a field that it can't do without ({@link #name}, {@link
 * #time}) is refused: an {@link UndecodableException} names the field and what it accepts, never
 * the value. All other fields are details. An invalid detail counts as absent, and is kept in
 * {@link UnreadFields}.
 */
final class EventFields {

    /**
     * The greatest amount. It is three years in milliseconds, and more tokens than any model reads.
     * A session needs some 90 million turns of this amount until their sum exceeds a long.
     */
    static final long MAX_AMOUNT = 100_000_000_000L;

    private final JsonNode object;
    private final UnreadFields unread;

    EventFields(JsonNode object, UnreadFields unread) {
        this.object = object;
        this.unread = unread;
    }

    JsonNode asJson() {
        return object;
    }

    UnreadFields unread() {
        return unread;
    }

    boolean is(String name, String text) {
        JsonNode node = object.get(name);
        return node != null && node.isTextual() && node.textValue().equals(text);
    }

    /** Returns whether the object has a member with another name that is not null. */
    boolean hasFieldBesides(Set<String> names) {
        return object.properties().stream()
                .anyMatch(
                        member -> !names.contains(member.getKey()) && !member.getValue().isNull());
    }

    /**
     * Returns a string, or the digits of a whole number; null if the field is absent.
     *
     * @throws UndecodableException if it is neither
     */
    @Nullable String name(String name) {
        JsonNode node = present(name);
        if (node == null) {
            return null;
        }
        return asText(name, node)
                .orElseThrow(() -> new UndecodableException(name + " must be a string"));
    }

    @Nullable Instant time(String name) {
        JsonNode node = present(name);
        if (node == null || is(name, "")) {
            return null;
        }
        return EventTimes.of(node)
                .orElseThrow(() -> new UndecodableException(name + EventTimes.EXPECTED));
    }

    /** Returns a detail that is read like {@link #name}; null if it is absent, empty or invalid. */
    @Nullable String shortText(String name, int maxLength) {
        JsonNode node = present(name);
        if (node == null) {
            return null;
        }
        String text = asText(name, node).filter(t -> t.length() <= maxLength).orElse(null);
        if (text == null) {
            keep(name, node, " must be a string of up to %d characters".formatted(maxLength));
        }
        return text == null || text.isEmpty() ? null : text;
    }

    /**
     * Returns a number that is summed over the turns of a session, rounded to a whole number; null
     * if it is absent or invalid.
     */
    @Nullable Long amount(String name) {
        JsonNode node = present(name);
        BigDecimal max = BigDecimal.valueOf(MAX_AMOUNT);
        if (node != null && node.isNumber() && isWithin(node.decimalValue(), max)) {
            return node.decimalValue().setScale(0, RoundingMode.HALF_UP).longValueExact();
        }
        keep(name, node, " must be a number from 0 to " + MAX_AMOUNT);
        return null;
    }

    @Nullable Long revision(String name) {
        return whole(name, " must be a whole number from 0 to " + Long.MAX_VALUE, true);
    }

    @Nullable Long sequence(String name) {
        return whole(name, " must be a whole number of 64 bits", false);
    }

    private @Nullable Long whole(String name, String expected, boolean fromZero) {
        JsonNode node = present(name);
        Optional<BigInteger> number =
                wholeNumber(node)
                        .filter(n -> n.bitLength() < Long.SIZE && (n.signum() >= 0 || !fromZero));
        if (number.isEmpty()) {
            keep(name, node, expected);
        }
        return number.map(BigInteger::longValueExact).orElse(null);
    }

    /** Returns a whole number in any notation, such as 64.0; empty for anything else. */
    static Optional<BigInteger> wholeNumber(@Nullable JsonNode node) {
        if (node == null || !node.isNumber()) {
            return Optional.empty();
        }
        BigDecimal number = node.decimalValue();
        return number.stripTrailingZeros().scale() <= 0
                ? Optional.of(number.toBigInteger())
                : Optional.empty();
    }

    /**
     * Returns whether the number is from 0 to the maximum. The number of digits is checked first,
     * because an exponent can make any number.
     */
    private static boolean isWithin(BigDecimal number, BigDecimal max) {
        return number.signum() >= 0
                && number.precision() - number.scale() <= max.precision()
                && number.compareTo(max) <= 0;
    }

    @Nullable Json json(String name) {
        JsonNode node = present(name);
        return node == null ? null : json(name, node);
    }

    /** Returns a detail that is an object; empty if it is absent or invalid. */
    Optional<EventFields> object(String name) {
        JsonNode node = present(name);
        if (node != null && !node.isObject()) {
            keep(name, node, " must be an object");
            return Optional.empty();
        }
        return Optional.ofNullable(node).map(members -> new EventFields(members, unread));
    }

    /**
     * Returns a detail that is an object, as a patch: a JSON null becomes an empty value, which
     * removes the key. In an item, a key is the name of an attribute in a map, and DynamoDB
     * requires at least one character for it. So a member with an empty key is kept in {@link
     * UnreadFields} instead.
     */
    Map<String, Optional<Json>> patch(String name) {
        Map<String, Optional<Json>> patch = new LinkedHashMap<>();
        object(name).ifPresent(members -> members.addTo(patch));
        if (patch.remove("") != null) {
            JsonNode keyless = object.get(name).get("");
            Json kept = ExactJson.toJson(JsonNodeFactory.instance.objectNode().set("", keyless));
            unread.keep(name, kept, " must have no empty key");
        }
        return patch;
    }

    private void addTo(Map<String, Optional<Json>> patch) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            Json value = json("an attribute", member.getValue());
            patch.put(
                    wellFormed("a key", member.getKey()),
                    member.getValue().isNull() ? Optional.empty() : Optional.of(value));
        }
    }

    /** Returns the members whose names are not known, including those that are null. */
    Map<String, Json> fieldsExcept(Set<String> known) {
        Map<String, Json> members = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!known.contains(member.getKey())) {
                members.put(
                        wellFormed("a key", member.getKey()), json("a field", member.getValue()));
            }
        }
        return members;
    }

    @Nullable JsonNode present(String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : node;
    }

    private static Optional<String> asText(String name, JsonNode node) {
        return node.isTextual()
                ? Optional.of(wellFormed(name, node.textValue()))
                : wholeNumber(node).map(BigInteger::toString);
    }

    private void keep(String name, @Nullable JsonNode node, String expected) {
        if (node != null) {
            unread.keep(name, json(name, node), expected);
        }
    }

    static Json json(String name, JsonNode node) {
        Json json = ExactJson.toJson(node);
        wellFormed(name, json.text());
        return json;
    }

    /** Refuses half a surrogate pair, which can be written in JSON but not stored as UTF-8. */
    private static String wellFormed(String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new UndecodableException(name + " contains half a surrogate pair");
            }
        }
        return text;
    }
}
