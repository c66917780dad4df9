package dev.parley.api.problem;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;

/**
 * Replaces a class of quarkus-resteasy-problem 3.21.0 in a native image. That class reads a field
 * of {@code ChallengeData} that Quarkus no longer has, and no build of a native image accepts that.
 * No request uses either class, since {@link RouterProblems} answers the requests that are not
 * authenticated.
 */
@TargetClass(className = "io.quarkiverse.resteasy.problem.security.HttpUnauthorizedUtils")
final class NativeChallenges {

    private NativeChallenges() {}

    @Substitute
    static Uni<HttpProblem> toProblem(RoutingContext request, Exception failure) {
        return Uni.createFrom().item(() -> StatusDetail.problem(401));
    }
}
