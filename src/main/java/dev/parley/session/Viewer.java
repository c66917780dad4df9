package dev.parley.session;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom sessions are shown to. What someone may not see is for them as if it weren't there.
 *
 * @param userId whose sessions they see; empty for everybody's
 */
public record Viewer(Optional<String> userId) {

    public static final Viewer OF_EVERYTHING = new Viewer(Optional.empty());

    /** One who sees the sessions of that user, and none that has no user. */
    public static Viewer of(String userId) {
        return new Viewer(Optional.of(userId));
    }

    /**
     * Whether they see a session.
     *
     * @param owner the user of a session
     */
    public boolean sees(@Nullable String owner) {
        return userId.isEmpty() || userId.get().equals(owner);
    }

    /** The query for what is wanted and may be seen; empty if that is nothing. */
    public Optional<SessionQuery> confine(SessionQuery query) {
        if (userId.isEmpty()) {
            return Optional.of(query);
        }
        boolean possible = query.userId().map(this::sees).orElse(true);
        return possible && userId.get().length() <= Session.MAX_USER_ID_LENGTH
                ? Optional.of(query.of(userId.get()))
                : Optional.empty();
    }
}
