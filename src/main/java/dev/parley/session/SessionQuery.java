package dev.parley.session;

import java.util.Optional;

/**
 * Selects sessions, the one that started last first.
 *
 * @param userId the user of the sessions; empty for all users
 * @param started the time range in which they started; without a user, each day of it costs at
 *     least one request
 * @param channel the channel of the sessions; empty for any channel
 * @param status the status of the sessions; empty for any status
 * @param limit the maximum number of sessions, from 1 to {@value #MAX_LIMIT}
 * @param cursor {@link ResultPage#next} of the previous part; empty for the beginning
 * @param withData whether the sessions are to have their attributes and user data; without them,
 *     some or all may be missing
 */
public record SessionQuery(
        Optional<String> userId,
        TimeRange started,
        Optional<String> channel,
        Optional<Session.Status> status,
        int limit,
        Optional<String> cursor,
        boolean withData) {

    /**
     * The maximum number of items that one BatchGetItem returns (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">BatchGetItem</a>).
     */
    public static final int MAX_LIMIT = 100;

    /** Creates a query for sessions with their attributes and user data. */
    public SessionQuery(
            Optional<String> userId,
            TimeRange started,
            Optional<String> channel,
            Optional<Session.Status> status,
            int limit,
            Optional<String> cursor) {
        this(userId, started, channel, status, limit, cursor, true);
    }

    public SessionQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("a limit must be from 1 to " + MAX_LIMIT);
        }
    }

    /** Returns a query for all sessions that started in that time range. */
    public static SessionQuery started(TimeRange when) {
        return new SessionQuery(
                Optional.empty(),
                when,
                Optional.empty(),
                Optional.empty(),
                MAX_LIMIT,
                Optional.empty());
    }

    /** Returns the same query for the sessions of one user. */
    public SessionQuery of(String user) {
        return new SessionQuery(
                Optional.of(user), started, channel, status, limit, cursor, withData);
    }

    /** Returns the same query, which continues at that cursor. */
    public SessionQuery from(String next) {
        return new SessionQuery(
                userId, started, channel, status, limit, Optional.of(next), withData);
    }

    /** Returns the same query, which does not need the attributes and the user data. */
    public SessionQuery withoutData() {
        return new SessionQuery(userId, started, channel, status, limit, cursor, false);
    }
}
