package dev.parley.dynamodb.read;

import dev.parley.session.InvalidCursorException;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * The position at which a list of sessions stopped. The session that started last is the first of
 * the list. Every shard of the index resumes from this one position. Sessions that started at the
 * same moment are ordered by shard. Within a shard the index has its own order, and it finds the
 * position by the key of the session.
 *
 * @param at all sessions that started later have been returned
 * @param shard the shard of the session
 * @param sessionId the id of the last session that was returned; empty if all that started at
 *     {@code at} have been returned
 */
record SessionCursor(Instant at, int shard, String sessionId) {

    /** Creates the cursor after an entry. */
    static SessionCursor afterEntry(IndexSlice.Entry entry) {
        return new SessionCursor(entry.startedAt(), entry.shard(), entry.sessionId());
    }

    /**
     * Creates the cursor after all sessions that started at that time or later. The list continues
     * with sessions that started before that time.
     */
    static SessionCursor beforeMoment(Instant at) {
        return new SessionCursor(at, 0, "");
    }

    boolean isBetweenMoments() {
        return sessionId.isEmpty();
    }

    /**
     * Returns whether a list that stopped here has passed the given position. Only the index knows
     * the order of two sessions of the same moment and shard; here such a position counts as
     * passed.
     */
    boolean hasPassed(IndexSlice.Entry entry) {
        return entry.startedAt().isAfter(at)
                || (entry.startedAt().equals(at) && (isBetweenMoments() || entry.shard() <= shard));
    }

    String text() {
        return at + " " + shard + " " + sessionId;
    }

    /**
     * Parses a cursor.
     *
     * @throws InvalidCursorException if the text does not have the format of {@link #text}
     */
    public static SessionCursor of(String text) {
        String[] parts = text.split(" ", 3);
        if (parts.length != 3) {
            throw new InvalidCursorException();
        }
        try {
            return new SessionCursor(Instant.parse(parts[0]), Integer.parseInt(parts[1]), parts[2]);
        } catch (NumberFormatException | DateTimeException e) {
            throw new InvalidCursorException();
        }
    }
}
