package dev.parley.session;

import java.util.Optional;

/**
 * Which turns of a session are wanted.
 *
 * @param occurred when they happened
 * @param limit how many at the most; at least 1. A stream has no limit and ignores it
 * @param cursor {@link Page#next} of the part before; empty for the beginning
 */
public record TurnQuery(
        Order order,
        TimeRange occurred,
        int limit,
        Optional<String> cursor,
        Consistency consistency) {

    /** Which turn comes first. */
    public enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    public TurnQuery {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1");
        }
    }

    /** All turns, in parts of that size. */
    public static TurnQuery all(Order order, int limit, Optional<String> cursor) {
        return new TurnQuery(order, TimeRange.ALL, limit, cursor, Consistency.EVENTUAL);
    }
}
