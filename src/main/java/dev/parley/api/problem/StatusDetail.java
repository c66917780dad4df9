package dev.parley.api.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** The details of problems of which only the status is known, in words for the client. */
public final class StatusDetail {

    /** All methods that any resource accepts. A resource that accepts more must add them here. */
    private static final String METHODS = "GET, HEAD, OPTIONS";

    private StatusDetail() {}

    public static HttpProblem problem(int status) {
        String title =
                Optional.ofNullable(Response.Status.fromStatusCode(status))
                        .map(Response.Status::getReasonPhrase)
                        .orElse("Status " + status);
        return described(HttpProblem.builder().withStatus(status).withTitle(title).build());
    }

    /** Returns the problem with the detail of its status instead of its own. */
    static HttpProblem described(HttpProblem problem) {
        int status = problem.getStatusCode();
        HttpProblem.Builder described = HttpProblem.builder(problem).withDetail(detail(status));
        return (status == 405 ? described.withHeader(HttpHeaders.ALLOW, METHODS) : described)
                .build();
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "the request is malformed";
            case 401 ->
                    "a bearer token is needed, one that was issued for this service and has not"
                            + " expired";
            case 403 -> "the token does not permit this request";
            case 404 -> "nothing is served at this path";
            case 405 ->
                    "this path does not support the method; the header Allow names those that it"
                            + " supports";
            case 406 -> "this path is not served in any media type that the header Accept names";
            case 412 -> "the resource does not have the version that the header If-Match requires";
            case 413 -> "the request's body is too long";
            case 414 ->
                    "the request's target is longer than "
                            + RouterProblems.MAX_TARGET_LENGTH
                            + " characters";
            case 415 -> "the media type of the request's body is not supported";
            case 431 ->
                    "the request's headers are longer than "
                            + RouterProblems.MAX_HEADERS_LENGTH
                            + " characters";
            case 503 -> "the service is too busy; try again later";
            case 505 ->
                    "HTTP/1.0 can't mark the end of a stream: use HTTP/1.1 or newer. A proxy in"
                            + " between must use it, too; nginx does with proxy_http_version 1.1";
            default ->
                    status < 500
                            ? "the request can't be answered"
                            : "the service failed; its log contains the reason";
        };
    }
}
