package dev.parley.session;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** The way out of the store. Reading never changes a session. */
public interface SessionReader {

    /**
     * Finds a session with its recent turns.
     *
     * @return empty when there is none, when it was deleted, and when it has expired
     *     <p>Fails with {@link SessionStoreException}.
     */
    Uni<Optional<Session>> find(String sessionId);

    /**
     * Lists the turns of a session, all of them if one goes on from {@link Page#next} to {@link
     * Page#next}: none twice and none left out, while further ones land.
     *
     * @return empty when there is no such session
     *     <p>Fails with {@link SessionStoreException}, and with {@link InvalidCursorException} if
     *     the query's cursor was not given out by this method.
     */
    Uni<Optional<Page<Turn>>> listTurns(String sessionId, TurnQuery query);
}
