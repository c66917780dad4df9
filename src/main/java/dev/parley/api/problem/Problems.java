package dev.parley.api.problem;

import dev.parley.session.InvalidCursorException;
import dev.parley.session.SessionId;
import dev.parley.session.SessionStoreException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * Errors as problem details (RFC 9457). They state what a client can do, and reveal nothing about
 * the service.
 */
public class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    public static HttpProblem badRequest(String detail) {
        return HttpProblem.valueOf(Response.Status.BAD_REQUEST, detail);
    }

    public static void requireSessionId(String text) {
        SessionId.problemWith(text)
                .ifPresent(
                        problem -> {
                            throw badRequest(problem);
                        });
    }

    /**
     * Refuses a stream over HTTP/1.0, which has no chunks. A client could not distinguish the end
     * of a stream from a connection that broke; on a connection that is kept open, it would never
     * see the end.
     */
    public static void requireChunks(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_1_0) {
            throw StatusDetail.problem(505);
        }
    }

    public static HttpProblem foreignToken() {
        return badRequest("pageToken was not issued for this list");
    }

    public static HttpProblem forbidden(String detail) {
        return HttpProblem.valueOf(Response.Status.FORBIDDEN, detail);
    }

    /** Returns the problem of a session that does not exist, or that the client may not see. */
    public static HttpProblem noSession(String sessionId) {
        return HttpProblem.valueOf(
                Response.Status.NOT_FOUND, "There is no session " + sessionId + ".");
    }

    public static HttpProblem unavailable(@Nullable String detail) {
        return HttpProblem.builder()
                .withStatus(Response.Status.SERVICE_UNAVAILABLE)
                .withTitle(Response.Status.SERVICE_UNAVAILABLE.getReasonPhrase())
                .withDetail(detail)
                .withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .build();
    }

    /**
     * Returns the same read, which fails with {@link BusyException} if it takes longer than the
     * deadline.
     */
    public static <T> Uni<T> within(Duration deadline, Uni<T> read) {
        return read.ifNoItem()
                .after(deadline)
                .failWith(() -> new BusyException("The response took too long. Try again later."));
    }

    @ServerExceptionMapper
    public Response invalidCursor(InvalidCursorException failure) {
        return foreignToken().toResponse();
    }

    @ServerExceptionMapper
    public Response busy(BusyException failure) {
        LOG.warnf("A read was rejected: %s", failure.getMessage());
        return unavailable(failure.getMessage()).toResponse();
    }

    @ServerExceptionMapper
    public Response storeFailed(SessionStoreException failure) {
        return switch (failure) {
            case SessionStoreException.Unavailable unavailable -> {
                LOG.warnf("A read failed: %s", unavailable.getMessage());
                yield unavailable("The session store can't be reached. Try again later.")
                        .toResponse();
            }
            case SessionStoreException.Refused refused -> {
                LOG.error("The store refused a read", refused);
                yield HttpProblem.valueOf(Response.Status.INTERNAL_SERVER_ERROR).toResponse();
            }
        };
    }
}
