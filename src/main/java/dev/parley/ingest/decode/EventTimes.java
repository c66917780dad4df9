package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses times as platforms write them: ISO 8601 in its basic and extended formats, and numbers of
 * seconds, milliseconds, microseconds or nanoseconds since 1970. A time without an offset is UTC.
 */
final class EventTimes {

    /** What a field with a time must be; it follows the name of the field in a message. */
    static final String EXPECTED =
            " must be an ISO 8601 time, or seconds, milliseconds or microseconds since 1970, from"
                    + " the year 1970 to 9999";

    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** A date and a time of day. A date alone is not a point in time. */
    private static final Pattern ISO_8601 =
            Pattern.compile(
                    "([0-9]{4})-?([0-9]{2})-?([0-9]{2})[Tt ]"
                            + "([0-9]{2}):?([0-9]{2})(?::?([0-9]{2})(?:[.,]([0-9]*))?)?"
                            + " ?(Z|z|UTC|[+-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?)?"
                            + "(?:\\[[^\\]]*\\])?"); // the zone as Java writes it, after its offset

    private static final Pattern NUMBER = Pattern.compile("[0-9]{10,19}(?:\\.[0-9]{1,9})?");

    private static final int NANO_DIGITS = 9;

    /**
     * The digits of seconds before the decimal point. From September 2001 to 2286, seconds have ten
     * digits, milliseconds have 13, and so on. A number with any other count of digits may not be a
     * time: 20261127101530 is a date.
     */
    private static final int DIGITS_OF_SECONDS = 10;

    private static final int DIGITS_OF_NANOS = 19;

    private EventTimes() {}

    /** Returns whether the time is from the year 1970 to 9999, as the time of an event must be. */
    static boolean isSupported(Instant time) {
        return !time.isBefore(EARLIEST) && !time.isAfter(LATEST);
    }

    /**
     * Parses a string or a number; empty if it is not a time, or not from the year 1970 to 9999.
     */
    static Optional<Instant> of(JsonNode node) {
        if (node.isNumber()) {
            return ofNumber(node.decimalValue());
        }
        return node.isTextual() ? of(node.textValue()) : Optional.empty();
    }

    /** Parses the same, but takes a number that is too small to show its unit as seconds. */
    static Optional<Instant> ofSeconds(JsonNode node) {
        if (node.isNumber()
                && node.decimalValue().signum() >= 0
                && digits(node.decimalValue()) < DIGITS_OF_SECONDS) {
            return Optional.of(seconds(node.decimalValue()));
        }
        return of(node);
    }

    static Optional<Instant> of(String text) {
        Matcher iso = ISO_8601.matcher(text);
        if (iso.matches()) {
            return ofParts(iso).filter(EventTimes::isSupported);
        }
        return NUMBER.matcher(text).matches() ? ofNumber(new BigDecimal(text)) : Optional.empty();
    }

    private static Optional<Instant> ofParts(Matcher iso) {
        try {
            LocalDateTime local =
                    LocalDateTime.of(
                            Integer.parseInt(iso.group(1)),
                            Integer.parseInt(iso.group(2)),
                            Integer.parseInt(iso.group(3)),
                            Integer.parseInt(iso.group(4)),
                            Integer.parseInt(iso.group(5)),
                            iso.group(6) == null ? 0 : Integer.parseInt(iso.group(6)),
                            nanos(iso.group(7)));
            return Optional.of(local.toInstant(offset(iso.group(8))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns the nanoseconds of a fraction of a second. Further digits are dropped. */
    private static int nanos(@Nullable String fraction) {
        return fraction == null
                ? 0
                : Integer.parseInt((fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS));
    }

    private static ZoneOffset offset(@Nullable String text) {
        return text == null || Character.isLetter(text.charAt(0))
                ? ZoneOffset.UTC
                : ZoneOffset.of(text);
    }

    private static Optional<Instant> ofNumber(BigDecimal number) {
        int more = digits(number) - DIGITS_OF_SECONDS;
        if (number.signum() <= 0
                || more < 0
                || more % 3 != 0
                || more > DIGITS_OF_NANOS - DIGITS_OF_SECONDS) {
            return Optional.empty();
        }
        return Optional.of(seconds(number.movePointLeft(more)));
    }

    private static int digits(BigDecimal number) {
        return number.precision() - number.scale();
    }

    private static Instant seconds(BigDecimal number) {
        long whole = number.longValue();
        return Instant.ofEpochSecond(
                whole,
                number.subtract(BigDecimal.valueOf(whole)).movePointRight(NANO_DIGITS).longValue());
    }
}
