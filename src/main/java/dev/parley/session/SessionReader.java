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
}
