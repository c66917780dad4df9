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

/** Determines what the sender of the current request may see. */
@Singleton
public class Callers {

    /**
     * The role of callers who may see every session. Other callers see only the sessions of which
     * they are the user.
     */
    static final String READER = "sessions:read";

    private final SecurityIdentity identity;
    private final SessionReader sessions;
    private final SecurityConfig config;

    /**
     * @param identity the identity of the current request, whichever that is
     */
    Callers(SecurityIdentity identity, SessionReader sessions, SecurityConfig config) {
        this.identity = identity;
        this.sessions = sessions;
        this.config = config;
    }

    /**
     * Returns the sender of the current request. It must be called before the first asynchronous
     * step of the request.
     *
     * @throws UnauthorizedException if the request has no valid token, and needs one
     */
    public Caller current() {
        if (config.anonymous()) {
            return caller(Optional.empty(), Viewer.UNRESTRICTED, Instant.MAX);
        }
        if (identity.getPrincipal() instanceof JsonWebToken token) {
            String name = name(token).orElseThrow(UnauthorizedException::new);
            return caller(
                    Optional.of(name),
                    identity.hasRole(READER) ? Viewer.UNRESTRICTED : Viewer.of(name),
                    Instant.ofEpochSecond(token.getExpirationTime()));
        }
        // AuthenticatedReaders and SubjectCheck refuse all requests that would get here.
        throw new UnauthorizedException();
    }

    /**
     * Returns the subject of a token. Empty if it can't be the id of a user: if it is absent or
     * empty, or if it contains half a surrogate pair, which would be written as another character.
     */
    static Optional<String> name(Principal token) {
        return Optional.ofNullable(token.getName())
                .filter(name -> !name.isEmpty() && UTF_8.newEncoder().canEncode(name));
    }

    private Caller caller(Optional<String> name, Viewer viewer, Instant until) {
        return new Caller(name, viewer, sessions.seenBy(viewer), until);
    }
}
