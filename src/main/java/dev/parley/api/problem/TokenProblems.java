package dev.parley.api.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The problems of requests that are not authenticated, or not permitted. */
final class TokenProblems {

    private TokenProblems() {}

    /** Returns the problem of a failure; empty if the failure is of another kind. */
    static Optional<HttpProblem> of(@Nullable Throwable failure, HttpServerRequest request) {
        if (isProviderFailure(failure)) {
            return Optional.of(
                    Problems.unavailable(
                            "The provider of tokens can't be reached. Try again later."));
        }
        return switch (failure) {
            case AuthenticationFailedException e -> Optional.of(unauthorized(request));
            // The session cookie is not valid any more: the reader has to sign in again.
            case AuthenticationCompletionException e -> Optional.of(unauthorized(request));
            case UnauthorizedException e -> Optional.of(unauthorized(request));
            case ForbiddenException e -> Optional.of(StatusDetail.problem(403));
            case null, default -> Optional.empty();
        };
    }

    /**
     * Returns the problem of a missing or invalid token. It does not reveal what is wrong with a
     * token; only the token's provider may do so.
     */
    private static HttpProblem unauthorized(HttpServerRequest request) {
        boolean hasToken = request.headers().contains(HttpHeaders.AUTHORIZATION);
        return HttpProblem.builder(StatusDetail.problem(401))
                .withHeader(
                        HttpHeaders.WWW_AUTHENTICATE,
                        hasToken ? "Bearer error=\"invalid_token\"" : "Bearer")
                .build();
    }

    private static boolean isProviderFailure(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OIDCException) {
                return true;
            }
        }
        return false;
    }
}
