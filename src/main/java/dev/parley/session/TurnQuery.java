package dev.parley.session;

import java.util.Optional;

/**
 * Which turns of a session are wanted.
 *
 * @param limit how many at the most; at least 1
 * @param cursor {@link Page#next} of the part before; empty for the beginning
 */
public record TurnQuery(Order order, int limit, Optional<String> cursor) {

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
}
