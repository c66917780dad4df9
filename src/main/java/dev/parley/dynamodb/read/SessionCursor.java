package dev.parley.dynamodb.read;

import dev.parley.session.InvalidCursorException;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Where a list of sessions stopped, the one that started last being first. It is one position from
 * which every shard of the index resumes: of sessions that started at the same moment, those of
 * lower shards come first, and within a shard the index has an order of its own, which it finds
 * again by the session's key.
 *
 * @param at everything that started later has been given
 * @param shard of the session
 * @param sessionId of the last session that was given; empty if nothing that started at {@code at}
 *     is left
 */
record SessionCursor(Instant at, int shard, String sessionId) {

    /** Behind that entry. */
    static SessionCursor behind(IndexSlice.Entry entry) {
        return new SessionCursor(entry.startedAt(), entry.shard(), entry.sessionId());
    }

    /** All that started then or later was given. */
    static SessionCursor before(Instant at) {
        return new SessionCursor(at, 0, "");
    }

    boolean isBetweenMoments() {
        return sessionId.isEmpty();
    }

    /**
     * Whether a list that stopped here is behind that place. Which of two sessions of one moment
     * and one shard comes first only the index knows; here they count as passed.
     */
    boolean hasPassed(IndexSlice.Entry place) {
        return place.startedAt().isAfter(at)
                || (place.startedAt().equals(at) && (isBetweenMoments() || place.shard() <= shard));
    }

    String text() {
        return at + " " + shard + " " + sessionId;
    }

    /**
     * The cursor of that text.
     *
     * @throws InvalidCursorException if the text is none of {@link #text}
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
