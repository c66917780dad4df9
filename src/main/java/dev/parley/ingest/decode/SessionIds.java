package dev.parley.ingest.decode;

import dev.parley.session.SessionId;
import org.jspecify.annotations.Nullable;

/** Which session a record is of: what the event names, or the record's key. */
final class SessionIds {

    private SessionIds() {}

    /**
     * @param named by the event itself
     * @param missing what is missing where there is no key either
     * @throws UndecodableException if there is none, or it can't be one
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
