package dev.parley.session;

import java.time.Instant;

/** A change in a session that is followed. */
public sealed interface SessionChange {

    /**
     * Turns that happened up to that moment were erased.
     *
     * @param cursor where to resume once these turns were dropped
     */
    record TurnsErased(Instant upTo, String cursor) implements SessionChange {}

    /**
     * A turn is new, or its content was revised. After a resumption, it may be a turn that was
     * already reported: its id shows which one, and its revision shows whether it is newer.
     *
     * @param turn the turn as it is stored
     * @param cursor where to resume once this turn was processed
     */
    record TurnChanged(Json turn, String cursor) implements SessionChange {}

    /**
     * The session as a whole changed. All turns that were stored before this change are reported
     * before it.
     *
     * @param session the session without its turns
     * @param cursor where to resume once this change was processed
     */
    record SessionChanged(Session session, String cursor) implements SessionChange {}

    /** The session was deleted or has expired. No change follows. */
    record SessionGone() implements SessionChange {}
}
