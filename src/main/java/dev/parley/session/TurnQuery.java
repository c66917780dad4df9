package dev.parley.session;

import java.util.Optional;

/**
 * Selects turns of a session.
 *
 * @param occurred the time range in which the turns happened
 * @param limit the maximum number of turns, at least 1; a stream has no limit and ignores it
 * @param cursor {@link ResultPage#next} of the previous part; empty for the beginning
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
            throw new IllegalArgumentException("a limit must be at least 1");
        }
    }

    /** Returns a query for all turns, in parts of that size. */
    public static TurnQuery all(Order order, int limit, Optional<String> cursor) {
        return new TurnQuery(order, TimeRange.ALL, limit, cursor, Consistency.EVENTUAL);
    }
}
