package dev.parley.json;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.math.BigDecimal;

/**
 * How much JSON an event may be. Whoever publishes decides what is in there, so nothing is left to
 * Jackson's defaults; what is beyond is refused before it takes time or heap.
 */
public final class JsonLimits {

    /**
     * Twice what Kafka's producers and brokers take by default (<a
     * href="https://kafka.apache.org/documentation/#brokerconfigs_message.max.bytes">{@code
     * message.max.bytes}</a>), which is before compression in the one and after it in the other: a
     * compressed record of that size may hold a thousand times as much. As nodes, JSON takes up to
     * some thirty times its bytes of heap.
     */
    public static final int MAX_BYTES = 2 * 1024 * 1024;

    /**
     * Arrays and objects within each other; what readers of other languages manage by default, such
     * as PHP (512) and Python (some 1,000).
     */
    public static final int MAX_DEPTH = 500;

    /** Of a number: making a BigInteger of n digits takes n² steps. */
    public static final int MAX_DIGITS = 1_000;

    /**
     * Of a number, up or down: far beyond what IEEE 754 has (6,144 in 128 bits), and still harmless
     * to a reader who writes all its digits out.
     */
    public static final int MAX_EXPONENT = 9_999;

    /** In UTF-16 units, of a key of any object: that of the longest URLs in use, twice. */
    public static final int MAX_KEY = 4_096;

    static final StreamReadConstraints OF_EVENTS =
            StreamReadConstraints.builder()
                    .maxDocumentLength(MAX_BYTES)
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_DIGITS)
                    .maxNameLength(MAX_KEY)
                    // A document may be one text.
                    .maxStringLength(MAX_BYTES)
                    .build();

    /**
     * Of what Parley wrote. What an event was allowed must always be readable: a field that Parley
     * doesn't know moves one level down, into the metadata; a number may be written with its
     * exponent as zeros.
     */
    static final StreamReadConstraints OF_ITEMS =
            StreamReadConstraints.builder()
                    .maxNestingDepth(2 * MAX_DEPTH)
                    .maxNumberLength(2 * (MAX_DIGITS + MAX_EXPONENT))
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build();

    private JsonLimits() {}

    /** Makes no number whose exponent, written with one digit before the point, is too great. */
    static final class Nodes extends JsonNodeFactory {
        private static final long serialVersionUID = 1;

        @Override
        public ValueNode numberNode(BigDecimal number) {
            long exponent = (long) number.precision() - number.scale() - 1;
            if (Math.abs(exponent) > MAX_EXPONENT) {
                throw new NumberFormatException();
            }
            return super.numberNode(number);
        }
    }
}
