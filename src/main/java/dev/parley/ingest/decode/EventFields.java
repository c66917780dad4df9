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
 * The fields of an event, each read as what it must be. JSON null is as good as absent.
 *
 * <p>What an event can't do without ({@link #name}, {@link #time}) is refused where it is wrong: an
 * {@link UndecodableException} names the field and what it takes, never the value. All else is a
 * detail: where it is wrong it is as good as absent, and kept in {@link UnreadFields}.
 */
final class EventFields {

    /**
     * In milliseconds three years, in tokens more than any model reads; a session needs some 90
     * million such turns until their sum is more than a long holds.
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

    /** Whether anything but these is said. */
    boolean hasBeyond(Set<String> names) {
        return object.properties().stream()
                .anyMatch(
                        member -> !names.contains(member.getKey()) && !member.getValue().isNull());
    }

    /** A text, or a whole number, which is its digits. */
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

    /** A detail like {@link #name}; an empty text says nothing. */
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

    /** What is added up over the turns of a session; rounded. */
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

    /** A whole number however it is written, as in 64.0; empty for anything else. */
    static Optional<BigInteger> wholeNumber(@Nullable JsonNode node) {
        if (node == null || !node.isNumber()) {
            return Optional.empty();
        }
        BigDecimal number = node.decimalValue();
        return number.stripTrailingZeros().scale() <= 0
                ? Optional.of(number.toBigInteger())
                : Optional.empty();
    }

    /** The digits come first: an exponent makes any number. */
    private static boolean isWithin(BigDecimal number, BigDecimal max) {
        return number.signum() >= 0
                && number.precision() - number.scale() <= max.precision()
                && number.compareTo(max) <= 0;
    }

    @Nullable Json json(String name) {
        JsonNode node = present(name);
        return node == null ? null : json(name, node);
    }

    /** A detail that is an object. */
    Optional<EventFields> object(String name) {
        JsonNode node = present(name);
        if (node != null && !node.isObject()) {
            keep(name, node, " must be an object");
            return Optional.empty();
        }
        return Optional.ofNullable(node).map(members -> new EventFields(members, unread));
    }

    /**
     * A detail that is an object, as a patch: a null is an empty value, which removes. In an item a
     * key names an attribute of a map, which DynamoDB wants a character for.
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

    /** The members that are not among the known, nulls as they are. */
    Map<String, Json> beyond(Set<String> known) {
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

    /** Half a surrogate pair can be written in JSON but not stored as UTF-8. */
    private static String wellFormed(String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new UndecodableException(name + " holds half a surrogate pair");
            }
        }
        return text;
    }
}
