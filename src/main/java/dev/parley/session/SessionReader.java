package dev.parley.session;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/**
 * Reads sessions from the store. Reading never changes a session. A session or turn that was
 * deleted or has expired is never returned, whether or not its items still exist. Turns are
 * returned as the JSON that is stored: to parse a turn only to write it again is a sixth of the
 * cost of reading a page of turns.
 *
 * <p>All methods fail with {@link SessionStoreException}, and with {@link InvalidCursorException}
 * if a cursor was not issued by the same method.
 */
public interface SessionReader {

    /** Returns a reader for the sessions that the viewer may see, as of the time of each read. */
    SessionReader seenBy(Viewer viewer);

    /**
     * Finds a session with its last turns; empty if there is no such session.
     *
     * @param turns the maximum number of turns; 0 for none
     */
    Uni<Optional<Session>> find(String sessionId, int turns, Consistency consistency);

    /**
     * Lists sessions without turns. A caller who continues from {@link ResultPage#next} to {@link
     * ResultPage#next} gets all of them: none twice and none left out, even while further sessions
     * start. A part may have fewer sessions than the limit, even none, before the end of the list.
     */
    Uni<ResultPage<Session>> list(SessionQuery query);

    /**
     * Lists the turns of a session. A caller who continues from {@link ResultPage#next} to {@link
     * ResultPage#next} gets all of them: none twice and none left out, even while further turns are
     * stored.
     *
     * @return empty if there is no such session
     */
    Uni<Optional<ResultPage<Json>>> listTurns(String sessionId, TurnQuery query);

    /**
     * Streams all turns of a session, some at a time and only when more are requested, so that a
     * history of any length takes little memory.
     *
     * @param query {@code limit} and {@code cursor} are ignored
     * @return empty if there is no such session
     */
    Uni<Optional<Multi<List<Json>>>> streamTurns(String sessionId, TurnQuery query);

    /**
     * Reports the changes of a session until the subscriber cancels. Each change is reported within
     * a second of being stored, whichever instance stored it. If the store fails meanwhile, it is
     * polled again.
     *
     * @return empty if there is no such session
     */
    Uni<Optional<Multi<SessionChange>>> follow(String sessionId, FollowStart start);
}
