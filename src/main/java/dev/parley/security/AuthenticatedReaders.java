package dev.parley.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Lets those in who have a good token. All paths are closed but those that are named here, so that
 * one that is added, or written in an odd way, is closed too.
 */
@Singleton
class AuthenticatedReaders implements HttpSecurityPolicy {

    /** They tell what there is, and nothing of anybody. */
    private static final Set<String> OPEN = Set.of("/", "/openapi", "/asyncapi");

    private final SecurityConfig config;

    AuthenticatedReaders(SecurityConfig config) {
        this.config = config;
    }

    @Override
    public Uni<CheckResult> checkPermission(
            RoutingContext request,
            Uni<SecurityIdentity> identity,
            AuthorizationRequestContext context) {
        if (config.anonymous()
                || OPEN.contains(request.request().path())
                || PagePaths.isOpen(request)) {
            return CheckResult.permit();
        }
        return identity.map(
                sender -> {
                    if (sender.isAnonymous()) {
                        throw new AuthenticationFailedException();
                    }
                    return CheckResult.PERMIT;
                });
    }
}
