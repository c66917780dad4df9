package dev.parley.security;

import dev.parley.session.SessionReader;
import dev.parley.session.Viewer;
import java.time.Instant;
import java.util.Optional;

/**
 * The sender of a request.
 *
 * @param name the subject of the caller's token; empty without a token
 * @param viewer defines which sessions the caller may see
 * @param sessions reads the sessions that the caller may see
 * @param until when the token expires; {@link Instant#MAX} without a token
 */
public record Caller(Optional<String> name, Viewer viewer, SessionReader sessions, Instant until) {

    public boolean seesEverything() {
        return viewer.equals(Viewer.UNRESTRICTED);
    }
}
