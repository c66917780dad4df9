package dev.parley.dynamodb.layout;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Converts values to DynamoDB's attribute values and back. */
public final class Attributes {

    private static final int NANO_DIGITS = 9;

    private Attributes() {}

    public static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    public static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    /** Converts a time to epoch seconds, with as many decimals as it needs. */
    public static AttributeValue time(Instant time) {
        BigDecimal seconds =
                BigDecimal.valueOf(time.getEpochSecond())
                        .add(BigDecimal.valueOf(time.getNano(), NANO_DIGITS));
        return AttributeValue.fromN(seconds.stripTrailingZeros().toPlainString());
    }

    /**
     * Converts a time to whole epoch seconds, which the time to live of DynamoDB requires. It is
     * rounded up, so that no item expires too early.
     */
    public static AttributeValue expiry(Instant time) {
        return number(time.getNano() == 0 ? time.getEpochSecond() : time.getEpochSecond() + 1);
    }

    public static Optional<String> text(Map<String, AttributeValue> item, String name) {
        return Optional.ofNullable(item.get(name)).map(AttributeValue::s);
    }

    public static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? 0 : Long.parseLong(value.n());
    }

    public static @Nullable Instant time(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : instant(value);
    }

    public static Instant instant(AttributeValue value) {
        BigDecimal seconds = new BigDecimal(value.n());
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        return Instant.ofEpochSecond(
                whole.longValueExact(),
                seconds.subtract(whole).movePointRight(NANO_DIGITS).longValue());
    }

    static Map<String, AttributeValue> map(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? Map.of() : value.m();
    }
}
