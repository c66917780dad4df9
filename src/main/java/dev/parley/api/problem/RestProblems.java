package dev.parley.api.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.lang.annotation.Annotation;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Puts problems that Quarkus REST finds by itself in a client's words, not in those of Java. */
@Singleton
public class RestProblems implements ProblemPostProcessor {

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        boolean ofRest = context.cause instanceof WebApplicationException;
        if (!ofRest && problem.getDetail() != null) {
            return problem;
        }
        return StatusDetail.described(problem);
    }

    /** A status alone, as that of a precondition that failed, becomes a problem too. */
    @ServerResponseFilter
    public void describe(ContainerResponseContext response) {
        if (response.getStatus() >= 400 && !response.hasEntity()) {
            response.setEntity(
                    StatusDetail.problem(response.getStatus()),
                    new Annotation[0],
                    HttpProblem.MEDIA_TYPE);
        }
    }
}
