package dev.parley.session;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** The way into the store. */
public interface SessionWriter {

    /**
     * Applies events to their session, in the order given and in one write. Whatever their order,
     * and however often they are given, the stored session ends up the same.
     *
     * @param sessionId the one session that all the events are of
     * @return what became of each event, in the order of the events
     *     <p>Fails with {@link SessionStoreException.Unavailable}, after which it may be subscribed
     *     to again, and goes on where it was: a write that happened although its answer was lost is
     *     still told as applied. Or fails with {@link SessionStoreException.Refused}.
     */
    Uni<List<Outcome>> apply(String sessionId, List<SessionEvent> events);

    /**
     * Lets go of what it remembers of the sessions that it has written, since others write them
     * from now on. The result doesn't need it: what is out of date is found out when it is used, at
     * the cost of a write that fails.
     */
    void forget();
}
