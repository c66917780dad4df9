package dev.parley.session;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A viewer, who sees all sessions or those of one user. For a viewer, a session that they may not
 * see does not exist.
 *
 * @param userId the user whose sessions are visible; empty for the sessions of all users
 */
public record Viewer(Optional<String> userId) {

    public static final Viewer UNRESTRICTED = new Viewer(Optional.empty());

    /** Returns a viewer who sees the sessions of that user, and no session without a user. */
    public static Viewer of(String userId) {
        return new Viewer(Optional.of(userId));
    }

    /**
     * Returns whether this viewer sees a session.
     *
     * @param owner the user of the session; null if it has none
     */
    public boolean sees(@Nullable String owner) {
        return userId.isEmpty() || userId.get().equals(owner);
    }

    /** Returns a query for the sessions that are wanted and visible; empty if there can be none. */
    public Optional<SessionQuery> restrict(SessionQuery query) {
        if (userId.isEmpty()) {
            return Optional.of(query);
        }
        boolean possible = query.userId().map(this::sees).orElse(true);
        return possible && userId.get().length() <= Session.MAX_USER_ID_LENGTH
                ? Optional.of(query.of(userId.get()))
                : Optional.empty();
    }
}
