package dev.parley.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The problems of requests that no resource gets to see, because HTTP or the router turns them
 * down. Left to themselves, those answer without a body, or with a stack trace.
 *
 * <p>What Netty can't read as a request doesn't even come here, since Quarkus gives nobody the
 * server to set its {@code invalidRequestHandler}: a malformed request line or header, and what is
 * over the limits of {@code application.properties}, get a bare 400, 414 or 431.
 */
@Singleton
class RouterProblems {

    /** Twice the longest that the API gives out: a long id, encoded, and its page token. */
    static final int MAX_TARGET_LENGTH = 16_384;

    /** In characters, names and values. */
    static final int MAX_HEADERS_LENGTH = 20_480;

    /** In bytes. Nothing here reads a body; a little above, Quarkus would answer without one. */
    static final long MAX_BODY_LENGTH = 50_000;

    private static final Logger LOG = Logger.getLogger(RouterProblems.class);

    /** Before whatever Quarkus does with a request, after what it does for each response. */
    private static final int FIRST = -1_000;

    private static final String FRAMEWORK = "/q/";
    private static final Set<HttpMethod> READING =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final ObjectMapper json;

    RouterProblems(ObjectMapper json) {
        this.json = json;
    }

    void mount(@Observes Router router) {
        mountOn(router);
    }

    void mountOnManagement(@Observes ManagementInterface management) {
        mountOn(management.router());
    }

    private void mountOn(Router router) {
        router.route().order(FIRST).handler(this::admit).failureHandler(this::failed);
        // What fails while the router looks for a route gets to no failure handler.
        router.errorHandler(400, this::failed);
    }

    private void admit(RoutingContext context) {
        SafetyHeaders.put(context);
        CacheHeaders.put(context);
        Optional<HttpProblem> problem = problemWith(context.request());
        if (problem.isPresent()) {
            answer(context, problem.get());
        } else {
            context.next();
        }
    }

    private static Optional<HttpProblem> problemWith(HttpServerRequest request) {
        if (request.uri().length() > MAX_TARGET_LENGTH) {
            return Optional.of(StatusDetail.problem(414));
        }
        if (length(request.headers()) > MAX_HEADERS_LENGTH) {
            return Optional.of(StatusDetail.problem(431));
        }
        if (bodyLength(request) > MAX_BODY_LENGTH) {
            return Optional.of(StatusDetail.problem(413));
        }
        Optional<String> unclear = RequestTarget.problemWith(request.uri());
        if (unclear.isPresent()) {
            return unclear.map(Problems::badRequest);
        }
        Optional<String> ambiguous =
                Optional.ofNullable(request.path()).flatMap(SessionPath::problemWith);
        if (ambiguous.isPresent()) {
            return ambiguous.map(Problems::badRequest);
        }
        boolean framework = request.uri().startsWith(FRAMEWORK);
        // HTTP/1.0 may do without a host, and probes do; links can't.
        if (request.authority() == null && !framework) {
            return Optional.of(Problems.badRequest("the Host header is missing or is no host"));
        }
        if (framework && !READING.contains(request.method())) {
            return Optional.of(StatusDetail.problem(405));
        }
        return Optional.empty();
    }

    private static int length(Iterable<Map.Entry<String, String>> headers) {
        int length = 0;
        for (Map.Entry<String, String> header : headers) {
            length += header.getKey().length() + header.getValue().length();
        }
        return length;
    }

    /** As announced, which Netty has seen to be a number. */
    private static long bodyLength(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length == null ? 0 : Long.parseLong(length);
    }

    private void failed(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.headWritten()) {
            response.reset();
            return;
        }
        answer(
                context,
                TokenProblems.of(context.failure(), context.request())
                        .orElseGet(() -> problemOf(context)));
    }

    private static HttpProblem problemOf(RoutingContext context) {
        int status = context.statusCode() < 400 ? 500 : context.statusCode();
        if (status >= 500) {
            LOG.errorf(context.failure(), "%s failed", context.request().path());
        }
        return StatusDetail.problem(status);
    }

    private void answer(RoutingContext context, HttpProblem problem) {
        SafetyHeaders.put(context);
        HttpServerResponse response = context.response();
        response.setStatusCode(problem.getStatusCode());
        problem.getHeaders()
                .forEach(
                        (name, value) -> {
                            // Whoever let the request fail may know better what is allowed.
                            if (!name.equals("Allow") || !response.headers().contains(name)) {
                                response.putHeader(name, value.toString());
                            }
                        });
        response.putHeader("Content-Type", HttpProblem.MEDIA_TYPE.toString());
        if (problem.getStatusCode() == 413) {
            // Else the rest of the body would have to be read before the next request.
            response.putHeader("Connection", "close");
            response.endHandler(ended -> context.request().connection().close());
        }
        response.end(text(problem)).onFailure(e -> LOG.debugf("A client left: %s", e.getMessage()));
    }

    private String text(HttpProblem problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
