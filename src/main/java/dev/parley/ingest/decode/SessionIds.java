package dev.parley.ingest.decode;

import dev.parley.session.SessionId;
import org.jspecify.annotations.Nullable;

/** Determines the session of a record: the one that the event names, or else the record's key. */
final class SessionIds {

    private SessionIds() {}

    /**
     * Returns the id of the session.
     *
     * @param named the id in the event itself; null if it has none
     * @param missing the reason to give if there is no key either
     * @throws UndecodableException if there is no id, or if it can't be a session id
     */
    static String of(@Nullable String named, EventRecord received, String missing) {
        String id =
                named != null
                        ? named
                        : received.key().orElseThrow(() -> new UndecodableException(missing));
        SessionId.problemWith(id)
                .ifPresent(
                        problem -> {
                            throw new UndecodableException(problem);
                        });
        return id;
    }
}
