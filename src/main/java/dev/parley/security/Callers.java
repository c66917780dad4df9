package dev.parley.security;

import dev.parley.session.SessionReader;
import dev.parley.session.Viewer;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Says what the one who sent the request in hand may see. */
@Singleton
public class Callers {

    /**
     * The role that sees every session; who hasn't got it sees those of which they are the user.
     */
    static final String READER = "sessions:read";

    private final SecurityIdentity identity;
    private final SessionReader sessions;
    private final SecurityConfig config;

    /**
     * @param identity of the request in hand, whichever that is
     */
    Callers(SecurityIdentity identity, SessionReader sessions, SecurityConfig config) {
        this.identity = identity;
        this.sessions = sessions;
        this.config = config;
    }

    /** To be asked before the first thing that is waited for. */
    public Caller current() {
        if (config.anonymous()) {
            return caller(Viewer.OF_EVERYTHING, Instant.MAX);
        }
        if (identity.getPrincipal() instanceof JsonWebToken token && token.getName() != null) {
            return caller(
                    identity.hasRole(READER) ? Viewer.OF_EVERYTHING : Viewer.of(token.getName()),
                    Instant.ofEpochSecond(token.getExpirationTime()));
        }
        // AuthenticatedReaders lets none through that gets here.
        throw new UnauthorizedException();
    }

    private Caller caller(Viewer viewer, Instant until) {
        return new Caller(viewer, sessions.seenBy(viewer), until);
    }
}
