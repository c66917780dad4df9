package dev.parley.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.json.ExactJson;
import dev.parley.session.Json;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an event, each read as what it must be. JSON null is as good as absent.
 *
 * <p>Whatever is wrong becomes an {@link UndecodableException} that names the field and what it
 * takes, never the value.
 */
final class EventFields {

    /**
     * In milliseconds three years, in tokens more than any model reads; a session needs some 90
     * million such turns until their sum is more than a long holds.
     */
    static final long MAX_AMOUNT = 100_000_000_000L;

    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final JsonNode object;

    EventFields(JsonNode object) {
        this.object = object;
    }

    @Nullable String text(String name) {
        JsonNode node = present(name);
        if (node == null) {
            return null;
        }
        if (!node.isTextual()) {
            throw new UndecodableException(name + " must be a string");
        }
        return wellFormed(name, node.textValue());
    }

    boolean is(String name, String text) {
        JsonNode node = object.get(name);
        return node != null && node.isTextual() && node.textValue().equals(text);
    }

    /** A text that becomes an attribute of the session; an empty one says nothing. */
    @Nullable String shortText(String name, int maxLength) {
        String text = text(name);
        if (text != null && text.length() > maxLength) {
            throw new UndecodableException(name + " is longer than " + maxLength + " characters");
        }
        return text == null || text.isEmpty() ? null : text;
    }

    /** ISO 8601 with an offset, as in {@code 2026-11-22T10:15:30.123Z}. */
    @Nullable Instant time(String name) {
        return parsedTime(name, text(name));
    }

    /** Whether it can be an event's time. */
    static boolean isKept(Instant time) {
        return !time.isBefore(EARLIEST) && !time.isAfter(LATEST);
    }

    /** The same for a time that is not in a field. */
    static @Nullable Instant parsedTime(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (isKept(time)) {
                return time;
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        throw new UndecodableException(
                name + " must be an ISO 8601 time with an offset, from the year 1970 to 9999");
    }

    /** What is added up over the turns of a session. */
    @Nullable Long amount(String name) {
        return whole(name, MAX_AMOUNT);
    }

    @Nullable Long revision(String name) {
        return whole(name, Long.MAX_VALUE);
    }

    private @Nullable Long whole(String name, long max) {
        JsonNode node = present(name);
        if (node == null) {
            return null;
        }
        if (node.isNumber() && isWhole(node.decimalValue(), BigDecimal.valueOf(max))) {
            return node.decimalValue().longValueExact();
        }
        throw new UndecodableException(name + " must be a whole number from 0 to " + max);
    }

    /** However it is written, as in 64.0. The digits come first: an exponent makes any number. */
    private static boolean isWhole(BigDecimal number, BigDecimal max) {
        return number.signum() >= 0
                && number.precision() - number.scale() <= max.precision()
                && number.stripTrailingZeros().scale() <= 0
                && number.compareTo(max) <= 0;
    }

    @Nullable Json json(String name) {
        JsonNode node = present(name);
        return node == null ? null : json(name, node);
    }

    /** A string, or an array of content parts. */
    @Nullable Json content(String name) {
        JsonNode node = present(name);
        if (node != null && !node.isTextual() && !node.isArray()) {
            throw new UndecodableException(name + " must be a string or an array of content parts");
        }
        return json(name);
    }

    Optional<EventFields> object(String name) {
        JsonNode node = present(name);
        if (node != null && !node.isObject()) {
            throw new UndecodableException(name + " must be an object");
        }
        return Optional.ofNullable(node).map(EventFields::new);
    }

    /** The members as a patch: a null is an empty value, which removes. */
    Map<String, Optional<Json>> patch() {
        Map<String, Optional<Json>> patch = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            Json value = json("an attribute", member.getValue());
            // In an item it names an attribute of a map, which DynamoDB wants a character for.
            if (member.getKey().isEmpty()) {
                throw new UndecodableException("a key of an attribute is empty");
            }
            patch.put(
                    wellFormed("a key", member.getKey()),
                    member.getValue().isNull() ? Optional.empty() : Optional.of(value));
        }
        return patch;
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

    private @Nullable JsonNode present(String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : node;
    }

    private static Json json(String name, JsonNode node) {
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
