package dev.parley.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.session.SessionReader;
import dev.parley.session.Viewer;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.security.Principal;
import java.time.Instant;
import java.util.Optional;
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
            return caller(Optional.empty(), Viewer.OF_EVERYTHING, Instant.MAX);
        }
        if (identity.getPrincipal() instanceof JsonWebToken token) {
            String name = name(token).orElseThrow(UnauthorizedException::new);
            return caller(
                    Optional.of(name),
                    identity.hasRole(READER) ? Viewer.OF_EVERYTHING : Viewer.of(name),
                    Instant.ofEpochSecond(token.getExpirationTime()));
        }
        // AuthenticatedReaders and NamedCallers let none through that gets here.
        throw new UnauthorizedException();
    }

    /**
     * Whose token it is; empty if it can't be a user's id: nothing at all, or half a character,
     * which would be written as another one.
     */
    static Optional<String> name(Principal token) {
        return Optional.ofNullable(token.getName())
                .filter(name -> !name.isEmpty() && UTF_8.newEncoder().canEncode(name));
    }

    private Caller caller(Optional<String> name, Viewer viewer, Instant until) {
        return new Caller(name, viewer, sessions.seenBy(viewer), until);
    }
}
