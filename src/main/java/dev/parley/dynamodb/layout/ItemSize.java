package dev.parley.dynamodb.layout;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Computes the size of an item as DynamoDB counts it for its limit of 400 KB and for its prices: <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html">item
 * sizes</a>.
 */
public final class ItemSize {

    /**
     * Bytes of a list or a map, in addition to its members and to {@link #ELEMENT} for each of
     * them.
     */
    private static final int CONTAINER = 3;

    private static final int ELEMENT = 1;

    private ItemSize() {}

    /** Returns the bytes of all names and values. */
    public static int of(Map<String, AttributeValue> item) {
        int size = 0;
        for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
            size += utf8(attribute.getKey()) + of(attribute.getValue());
        }
        return size;
    }

    private static int of(AttributeValue value) {
        return switch (value.type()) {
            case S -> utf8(value.s());
            case N -> number(value.n());
            case B -> value.b().asByteArrayUnsafe().length;
            case M -> CONTAINER + value.m().size() * ELEMENT + of(value.m());
            case L ->
                    CONTAINER
                            + value.l().size() * ELEMENT
                            + value.l().stream().mapToInt(ItemSize::of).sum();
            case SS -> value.ss().stream().mapToInt(ItemSize::utf8).sum();
            case NS -> value.ns().stream().mapToInt(ItemSize::number).sum();
            case BS ->
                    value.bs().stream().mapToInt(bytes -> bytes.asByteArrayUnsafe().length).sum();
            case BOOL, NUL -> 1;
            case UNKNOWN_TO_SDK_VERSION ->
                    throw new IllegalArgumentException(
                            "the attribute has a type that this SDK does not know");
        };
    }

    /**
     * Returns the bytes of a number: one for two digits and one more, or two more if it is
     * negative. This is the documented rule, rounded up.
     */
    private static int number(String decimal) {
        long digits = decimal.chars().filter(Character::isDigit).count();
        return (int) (digits + 1) / 2 + (decimal.startsWith("-") ? 2 : 1);
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
