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
        HttpProblem.Builder described = HttpProblem.builder(problem).withDetail(of(status));
        return (status == 405 ? described.withHeader(HttpHeaders.ALLOW, METHODS) : described)
                .build();
    }

    private static String of(int status) {
        return switch (status) {
            case 400 -> "the request is malformed";
            case 401 ->
                    "a bearer token is needed, one that was issued for this service and has not"
                            + " expired";
            case 403 -> "the token doesn't allow that";
            case 404 -> "nothing is served at this path";
            case 405 ->
                    "nothing takes this method here; the header Allow names those that are taken";
            case 406 -> "nothing is served here in a media type that the header Accept names";
            case 412 -> "what is here is not of the version that the request is for";
            case 413 -> "the request's body is too long";
            case 414 ->
                    "the request's target is longer than "
                            + RouterProblems.MAX_TARGET_LENGTH
                            + " characters";
            case 415 -> "the request's body is of a media type that is not read here";
            case 431 ->
                    "the request's headers are longer than "
                            + RouterProblems.MAX_HEADERS_LENGTH
                            + " characters";
            case 503 -> "the service is too busy; try again later";
            case 505 ->
                    "this is a stream, which HTTP/1.0 has no way to end: ask with HTTP/1.1 or newer. A"
                            + " proxy between must use it, too; nginx does with proxy_http_version 1.1";
            default ->
                    status < 500
                            ? "the request can't be answered"
                            : "the service failed; its log says why";
        };
    }
}
