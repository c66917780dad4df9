package dev.parley.api;

import dev.parley.session.InvalidCursorException;
import dev.parley.session.SessionStoreException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Errors as problem details (RFC 9457). They tell a client what it can do, and nothing of us. */
public class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    static HttpProblem badRequest(String detail) {
        return HttpProblem.valueOf(Response.Status.BAD_REQUEST, detail);
    }

    static HttpProblem noSession(String sessionId) {
        return HttpProblem.valueOf(
                Response.Status.NOT_FOUND, "There is no session " + sessionId + ".");
    }

    @ServerExceptionMapper
    public Response invalidCursor(InvalidCursorException failure) {
        return badRequest("pageToken is not one that this list gave out").toResponse();
    }

    @ServerExceptionMapper
    public Response storeFailed(SessionStoreException failure) {
        return switch (failure) {
            case SessionStoreException.Unavailable unavailable -> {
                LOG.warnf("A read failed: %s", unavailable.getMessage());
                yield HttpProblem.builder()
                        .withStatus(Response.Status.SERVICE_UNAVAILABLE)
                        .withTitle("Service Unavailable")
                        .withDetail("The session store can't be reached. Try again later.")
                        .withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                        .build()
                        .toResponse();
            }
            case SessionStoreException.Refused refused -> {
                LOG.error("The store refused a read", refused);
                yield HttpProblem.valueOf(Response.Status.INTERNAL_SERVER_ERROR).toResponse();
            }
        };
    }
}
