package dev.parley.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Admits requests that have a valid token. All paths are closed except those that are listed here,
 * so that a path that is added later, or written in an unusual way, is closed too.
 */
@Singleton
class AuthenticatedReaders implements HttpSecurityPolicy {

    /** The paths that describe the service and contain no data of any person. */
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
                || UiPaths.isOpen(request)) {
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
