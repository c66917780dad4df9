package dev.parley.api.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.lang.annotation.Annotation;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Describes problems that Quarkus REST detects in words for the client, instead of the words of
 * Java.
 */
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

    /**
     * Makes a problem of a response that has only a status, such as that of a failed precondition.
     */
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
