package dev.parley.json;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.math.BigDecimal;

/**
 * The limits of the JSON of an event. Its publisher decides what it contains, so nothing is left to
 * Jackson's defaults. JSON that exceeds a limit is refused before it takes time or heap.
 */
public final class JsonLimits {

    /**
     * The largest JSON, in bytes. It is twice the default limit of Kafka's producers and brokers
     * (<a href="https://kafka.apache.org/documentation/#brokerconfigs_message.max.bytes">{@code
     * message.max.bytes}</a>). A producer applies that limit before compression and a broker after
     * it, so a compressed record of that size may contain a thousand times as much. As nodes, JSON
     * takes up to some thirty times its bytes of heap.
     */
    public static final int MAX_BYTES = 2 * 1024 * 1024;

    /**
     * The deepest nesting of arrays and objects. Readers in other languages support this depth by
     * default, such as PHP (512) and Python (some 1,000).
     */
    public static final int MAX_DEPTH = 500;

    /**
     * The greatest number of digits of a number. To create a BigInteger of n digits takes n² steps.
     */
    public static final int MAX_DIGITS = 1_000;

    /**
     * The greatest exponent of a number, positive or negative. It is far greater than that of IEEE
     * 754 (6,144 in 128 bits), and still harmless to a reader that writes out all digits of the
     * number.
     */
    public static final int MAX_EXPONENT = 9_999;

    /**
     * The longest key of any object, in UTF-16 units: twice the length of the longest URLs in use.
     */
    public static final int MAX_KEY = 4_096;

    static final StreamReadConstraints OF_EVENTS =
            StreamReadConstraints.builder()
                    .maxDocumentLength(MAX_BYTES)
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_DIGITS)
                    .maxNameLength(MAX_KEY)
                    // A document may be a single string.
                    .maxStringLength(MAX_BYTES)
                    .build();

    /**
     * The limits of JSON that Parley wrote. Everything that an event may contain must always be
     * readable, but a field that Parley does not know moves one level down, into the metadata, and
     * a number may be written with zeros instead of an exponent.
     */
    static final StreamReadConstraints OF_ITEMS =
            StreamReadConstraints.builder()
                    .maxNestingDepth(2 * MAX_DEPTH)
                    .maxNumberLength(2 * (MAX_DIGITS + MAX_EXPONENT))
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build();

    private JsonLimits() {}

    /**
     * Refuses a number whose exponent, written with one digit before the decimal point, is too
     * great.
     */
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
