package dev.parley.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.RouteOrder;
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
 * Answers requests that no resource receives, because HTTP or the router refuses them. Without this
 * class, they would be answered without a body, or with a stack trace.
 *
 * <p>A request that Netty can't read does not reach this class, since Quarkus gives no access to
 * the server, whose {@code invalidRequestHandler} would have to be set. A malformed request line or
 * header, and a request over the limits of {@code application.properties}, gets a bare 400, 414 or
 * 431.
 */
@Singleton
class RouterProblems {

    /**
     * The longest target, in characters: twice the longest that the API issues, which contains a
     * long id, encoded, and its page token.
     */
    static final int MAX_TARGET_LENGTH = 16_384;

    /** The greatest length of all headers, names and values together, in characters. */
    static final int MAX_HEADERS_LENGTH = 20_480;

    /**
     * The longest body, in bytes. No operation reads a body. Slightly above this limit, Quarkus
     * would answer without a body.
     */
    static final long MAX_BODY_LENGTH = 50_000;

    private static final Logger LOG = Logger.getLogger(RouterProblems.class);

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
        router.route().order(RouteOrder.PROBLEMS).handler(this::admit).failureHandler(this::failed);
        // A failure while the router selects a route reaches no failure handler.
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
        // A request of HTTP/1.0 may have no host, and probes send such requests. But links need a
        // host.
        if (request.authority() == null && !framework) {
            return Optional.of(Problems.badRequest("the Host header is missing or is not a host"));
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

    /**
     * Returns the length that the request announces. Netty has already verified that it is a
     * number.
     */
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
                            // The handler that failed the request may have set a more exact value.
                            if (!name.equals("Allow") || !response.headers().contains(name)) {
                                response.putHeader(name, value.toString());
                            }
                        });
        response.putHeader("Content-Type", HttpProblem.MEDIA_TYPE.toString());
        if (problem.getStatusCode() == 413) {
            // Otherwise the rest of the body would have to be read before the next request.
            response.putHeader("Connection", "close");
            response.endHandler(ended -> context.request().connection().close());
        }
        response.end(text(problem))
                .onFailure(e -> LOG.debugf("A client disconnected: %s", e.getMessage()));
    }

    private String text(HttpProblem problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
