package dev.parley.session;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** Writes events to the store. */
public interface SessionWriter {

    /**
     * Applies events to their session, in the given order and in one write. Whatever their order,
     * and however often they are applied, the stored session ends up the same.
     *
     * <p>Fails with {@link SessionStoreException.Unavailable} while the store is unavailable. It
     * may then be subscribed to again, and continues where it was: a write that happened although
     * its response was lost is still reported as applied. Fails with {@link
     * SessionStoreException.Refused} if the store refuses the write.
     *
     * @param sessionId the session that all the events belong to
     * @return the outcome of each event, in the order of the events
     */
    Uni<List<Outcome>> apply(String sessionId, List<SessionEvent> events);

    /**
     * Drops the cached state of the sessions that this writer has written, since other instances
     * write them from now on. The result does not depend on it: cached state that is out of date is
     * detected when it is used, at the cost of a write that fails.
     */
    void forget();
}
