package dev.parley.dynamodb.layout;

import dev.parley.session.SessionStoreException;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The format of an item. Items of all known formats can be read at any time. Which one is written
 * is configured, because an instance of an earlier version can't read a later format.
 */
public enum Format {
    /** Counters are maps, and turns are deflated without a dictionary. */
    FIRST,
    /** Counters are packed, and turns are deflated with a dictionary. */
    SECOND;

    public int number() {
        return ordinal() + 1;
    }

    /**
     * Returns the format with this number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Format of(int number) {
        if (number < 1 || number > values().length) {
            throw new IllegalArgumentException(
                    "parley.table.format must be 1 to %d, but is %d"
                            .formatted(values().length, number));
        }
        return values()[number - 1];
    }

    /**
     * Returns the format of a head.
     *
     * @throws SessionStoreException.Unavailable if it is later than those that this version knows
     */
    static Format of(Map<String, AttributeValue> head) {
        long number = Math.max(1, Attributes.number(head, SessionTable.FORMAT));
        if (number > values().length) {
            throw newer("the session has format %d".formatted(number));
        }
        return of((int) number);
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
