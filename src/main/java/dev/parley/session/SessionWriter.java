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
     *     <p>Fails with {@link SessionStoreException.Unavailable}, after which the same events may
     *     be given again, or with {@link SessionStoreException.Refused}.
     */
    Uni<List<Outcome>> apply(String sessionId, List<SessionEvent> events);
}
