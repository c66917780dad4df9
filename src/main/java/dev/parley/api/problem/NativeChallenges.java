package dev.parley.api.problem;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;

/**
 * Stands in for a class of quarkus-resteasy-problem 3.21.0 in a native image: that one reads a
 * field of {@code ChallengeData} that Quarkus no longer has, and no builder lets that pass. Nothing
 * gets there either way, since {@link RouterProblems} answers who doesn't get in.
 */
@TargetClass(className = "io.quarkiverse.resteasy.problem.security.HttpUnauthorizedUtils")
final class NativeChallenges {

    private NativeChallenges() {}

    @Substitute
    static Uni<HttpProblem> toProblem(RoutingContext request, Exception failure) {
        return Uni.createFrom().item(() -> StatusDetail.problem(401));
    }
}
