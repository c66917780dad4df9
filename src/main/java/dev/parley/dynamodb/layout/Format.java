package dev.parley.dynamodb.layout;

import dev.parley.session.SessionStoreException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The format of an item. Items of all known formats can be read at any time. Which one is written
 * is configured, because an instance of an earlier version can't read a later format.
 */
public enum Format {
    /** Counters are maps, and turns are deflated without a dictionary. */
    FIRST(1),
    /** Counters are packed, and turns are deflated with a dictionary. */
    SECOND(2);

    private final int number;

    Format(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /**
     * Returns the format with this number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Format of(int number) {
        return find(number)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "parley.table.format must be 1 or 2, but is " + number));
    }

    private static Optional<Format> find(long number) {
        return Arrays.stream(values()).filter(format -> format.number == number).findFirst();
    }

    /**
     * Returns the format of a head.
     *
     * @throws SessionStoreException.Unavailable if it is later than those that this version knows
     */
    static Format of(Map<String, AttributeValue> head) {
        if (!head.containsKey(SessionTable.FORMAT)) {
            return FIRST;
        }
        long number = Attributes.number(head, SessionTable.FORMAT);
        return find(number).orElseThrow(() -> newer("the session has format " + number));
    }

    /** Creates the failure for content that a later version has written. */
    static SessionStoreException.Unavailable newer(String what) {
        return new SessionStoreException.Unavailable(
                what + ", which needs a later version of Parley: update this instance");
    }

    /** Returns how turns are stored in this format. */
    public TurnBlock.Encoding encoding(TurnBlock.Encoding configured) {
        return this == FIRST && configured == TurnBlock.Encoding.DEFLATED
                ? TurnBlock.Encoding.DEFLATED_WITHOUT_DICTIONARY
                : configured;
    }
}
