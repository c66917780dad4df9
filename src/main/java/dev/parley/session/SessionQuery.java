package dev.parley.session;

import java.util.Optional;

/**
 * Which sessions are wanted, the one that started last first.
 *
 * @param userId whose; empty for everybody's
 * @param started when they started; without a user, each day of it is at least one request
 * @param channel where they take place; empty for anywhere
 * @param status empty for any
 * @param limit how many at the most, 1 to {@value #MAX_LIMIT}
 * @param cursor {@link Page#next} of the part before; empty for the beginning
 */
public record SessionQuery(
        Optional<String> userId,
        TimeRange started,
        Optional<String> channel,
        Optional<Session.Status> status,
        int limit,
        Optional<String> cursor) {

    /**
     * What one BatchGetItem gives (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">BatchGetItem</a>).
     */
    public static final int MAX_LIMIT = 100;

    public SessionQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("a limit is 1 to " + MAX_LIMIT);
        }
    }

    /** All that started then. */
    public static SessionQuery started(TimeRange when) {
        return new SessionQuery(
                Optional.empty(),
                when,
                Optional.empty(),
                Optional.empty(),
                MAX_LIMIT,
                Optional.empty());
    }

    /** The same, of that user. */
    public SessionQuery of(String user) {
        return new SessionQuery(Optional.of(user), started, channel, status, limit, cursor);
    }

    /** The same, going on there. */
    public SessionQuery from(String next) {
        return new SessionQuery(userId, started, channel, status, limit, Optional.of(next));
    }
}
