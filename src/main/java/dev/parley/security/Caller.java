package dev.parley.security;

import dev.parley.session.SessionReader;
import dev.parley.session.Viewer;
import java.time.Instant;
import java.util.Optional;

/**
 * The one who sent a request.
 *
 * @param name the subject of their token; empty without one
 * @param viewer what they may see
 * @param sessions as far as they may
 * @param until when their token expires; {@link Instant#MAX} without one
 */
public record Caller(Optional<String> name, Viewer viewer, SessionReader sessions, Instant until) {

    public boolean seesEverything() {
        return viewer.equals(Viewer.OF_EVERYTHING);
    }
}
