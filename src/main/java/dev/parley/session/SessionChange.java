package dev.parley.session;

import java.time.Instant;

/** What happens in a session that is followed. */
public sealed interface SessionChange {

    /**
     * Turns that happened up to that moment were erased.
     *
     * @param cursor where to resume once they were dropped
     */
    record TurnsErased(Instant upTo, String cursor) implements SessionChange {}

    /**
     * A turn that is new, or whose content was revised. It may be one that was given before, after
     * a resumption: its id says which, its revision whether it is newer.
     *
     * @param turn as it is stored
     * @param cursor where to resume once this turn was taken in
     */
    record TurnChanged(Json turn, String cursor) implements SessionChange {}

    /**
     * The session as a whole changed; every turn that landed before was given.
     *
     * @param session without turns
     * @param cursor where to resume once all was taken in
     */
    record SessionChanged(Session session, String cursor) implements SessionChange {}

    /** The session was deleted or has expired; nothing follows. */
    record SessionGone() implements SessionChange {}
}
