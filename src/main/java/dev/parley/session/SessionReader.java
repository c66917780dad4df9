package dev.parley.session;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/**
 * The way out of the store. Reading never changes a session, and nothing that was deleted or has
 * expired is ever given, whether or not its items are still there. Turns are given as the JSON that
 * they are stored as: to read one only to write it again is a sixth of what a page of them costs.
 *
 * <p>All fail with {@link SessionStoreException}, and with {@link InvalidCursorException} if a
 * cursor was not given out by the very method.
 */
public interface SessionReader {

    /** The same sessions as far as that viewer may see them, at the time of each look. */
    SessionReader seenBy(Viewer viewer);

    /** Finds a session with its recent turns. */
    Uni<Optional<Session>> find(String sessionId, Consistency consistency);

    /**
     * Lists sessions without turns, all of them if one goes on from {@link Page#next} to {@link
     * Page#next}: none twice and none left out, while further ones start. A part may have fewer
     * than asked for, even none, before the end.
     */
    Uni<Page<Session>> list(SessionQuery query);

    /**
     * Lists the turns of a session, all of them if one goes on from {@link Page#next} to {@link
     * Page#next}: none twice and none left out, while further ones land.
     *
     * @return empty when there is no such session
     */
    Uni<Optional<Page<Json>>> listTurns(String sessionId, TurnQuery query);

    /**
     * Gives all turns of a session, some at a time and only when asked for more, so that a history
     * of any length takes little memory.
     *
     * @param query {@code limit} and {@code cursor} mean nothing here
     * @return empty when there is no such session
     */
    Uni<Optional<Multi<List<Json>>>> streamTurns(String sessionId, TurnQuery query);

    /**
     * Tells what happens in a session, within a second of its being stored by whoever stored it,
     * for as long as one listens. A store that fails meanwhile is asked again.
     *
     * @return empty when there is no such session
     */
    Uni<Optional<Multi<SessionChange>>> follow(String sessionId, FollowStart start);
}
