package dev.parley.api;

import static dev.parley.api.InvalidRequest.call;
import static dev.parley.api.InvalidRequest.get;

import java.util.List;
import java.util.stream.Stream;

/**
 * Invalid requests with page tokens, and invalid requests for streams. A name in braces stands for
 * a token that the service issued: see {@link IssuedTokens}. The session {@code api-2} has two
 * turns. Both {@code api-1} and {@code api-2} belong to the user {@code api-user}.
 */
final class InvalidTokens {

    private static final String FOREIGN = "pageToken was not issued for this list";

    private InvalidTokens() {}

    /** Returns requests that get a problem. */
    static List<InvalidRequest> invalid() {
        return Stream.of(tokens(), streams()).flatMap(List::stream).toList();
    }

    private static List<InvalidRequest> tokens() {
        return List.of(

                // Tokens of another list, or of the same list with other parameters
                get("/sessions?pageToken={turns}").is(400, FOREIGN),
                get("/sessions?userId=api-user&pageToken={turns}").is(400, FOREIGN),
                get("/sessions?userId=api-user&pageToken={event}").is(400, FOREIGN),
                get("/sessions?pageToken={sessions}").is(400, FOREIGN),
                get("/sessions?userId=other&pageToken={sessions}").is(400, FOREIGN),
                get("/sessions?userId=api-user&status=open&pageToken={sessions}").is(400, FOREIGN),
                get("/sessions?userId=api-user&channel=c&pageToken={sessions}").is(400, FOREIGN),
                get("/sessions?userId=api-user&from=2026-11-22&pageToken={sessions}")
                        .is(400, FOREIGN),
                get("/sessions/api-2/turns?pageToken={sessions}").is(400, FOREIGN),
                get("/sessions/api-2/turns?pageToken={event}").is(400, FOREIGN),
                get("/sessions/api-1/turns?pageToken={turns}").is(400, FOREIGN),
                get("/sessions/api-2/turns?order=desc&pageToken={turns}").is(400, FOREIGN),
                get("/sessions/api-2/turns?order=asc&pageToken={turns}").is(400, FOREIGN),
                get("/sessions/api-2/turns?to=2027-01-01&pageToken={turns}").is(400, FOREIGN),
                get("/sessions/nobody/turns?pageToken={turns}").is(400, FOREIGN),

                // Invalid tokens
                get("/sessions?userId=api-user&pageToken=").is(400, FOREIGN),
                get("/sessions?userId=api-user&pageToken=null").is(400, FOREIGN),
                get("/sessions?userId=api-user&pageToken=!!").is(400, FOREIGN),
                get("/sessions?userId=api-user&pageToken=" + "x".repeat(5_000)).is(400, FOREIGN),
                get("/sessions?userId=api-user&pageToken={sessions edited at 0}").is(400, FOREIGN),
                get("/sessions?userId=api-user&pageToken={sessions edited at 15}").is(400, FOREIGN),
                get("/sessions?userId=api-user&pageToken={sessions edited at 16}").is(400, FOREIGN),
                get("/sessions?userId=api-user&pageToken={sessions edited at 36}").is(400, FOREIGN),
                get("/sessions?userId=api-user&pageToken={sessions}{sessions}").is(400, FOREIGN),
                get("/sessions?userId=api-user&pageToken={sessions}&pageToken={sessions}")
                        .is(400, "pageToken is given more than once"),
                get("/sessions/api-2/turns?pageToken=").is(400, FOREIGN),
                get("/sessions/api-2/turns?pageToken=" + "x".repeat(5_000)).is(400, FOREIGN),
                get("/sessions/api-2/turns?pageToken={turns edited at 0}").is(400, FOREIGN),
                get("/sessions/api-2/turns?pageToken={turns edited at 16}").is(400, FOREIGN),
                get("/sessions/api-2/turns?pageToken={turns edited at 20}").is(400, FOREIGN),
                get("/sessions/api-2/turns?pageToken=x{turns}").is(400, FOREIGN));
    }

    private static List<InvalidRequest> streams() {
        return List.of(
                get("/sessions/nobody/events").is(404, "There is no session nobody."),
                get("/sessions/api%23p7/events").is(400, "like the key of a page"),
                get("/sessions/api-1/events").with("Accept: application/json").is(406, "Accept"),
                get("/sessions/api-1/turns").with("Accept: text/html").is(406, "Accept"),
                get("/sessions/api-1/turns").with("Accept: text/event-stream").is(406, "Accept"),
                get("/sessions/nobody/turns")
                        .with("Accept: application/x-ndjson")
                        .is(404, "nobody"),
                get("/sessions/api-1/turns?limit=1")
                        .with("Accept: application/x-ndjson")
                        .is(400, "supports: consistent, from, order, to"),
                get("/sessions").with("Accept: application/x-ndjson").is(406, "Accept"),
                get("/stats").with("Accept: text/csv").is(406, "Accept"),
                call("POST", "/sessions").withBody("application/json", "{}").is(405, "Allow"),
                call("DELETE", "/sessions").is(405, "Allow"),
                call("POST", "/sessions/api-1/turns").is(405, "Allow"),
                call("PUT", "/sessions/api-1/events").is(405, "Allow"),
                call("POST", "/stats").is(405, "Allow"),
                call("POST", "/sessions/api-1/nothing").is(404, "nothing is served"),
                get("/stats/api").is(404, "nothing is served"));
    }

    /** Returns requests that are unusual, but clear. They get the stated status. */
    static List<InvalidRequest> unusual() {
        return List.of(
                get("/sessions?userId=api-user&limit=1&pageToken={sessions}").is(200),
                get("/sessions?userId=api-user&limit=7&pageToken={sessions}").is(200),
                get("/sessions?pageToken={sessions}&userId=%61pi-user").is(200),
                get("/sessions/api-2/turns?limit=7&pageToken={turns}").is(200),
                get("/sessions?userId=api-user;limit=0&limit=1").is(200),
                get("/sessions/api-2/events").with("Last-Event-ID: {event}").is(200),

                // An error would end the EventSource of a browser permanently.
                get("/sessions/api-2/events").with("Last-Event-ID: 7").is(200),
                get("/sessions/api-2/events").with("Last-Event-ID: {turns}").is(200),
                get("/sessions/api-2/events").with("Last-Event-ID: {event edited at 3}").is(200),
                get("/sessions/api-1/events").with("Last-Event-ID: {event}").is(200),
                get("/sessions/api-2/events").with("Last-Event-ID: " + "x".repeat(5_000)).is(200),
                get("/sessions/api-2/events").with("Last-Event-ID: \u00ff").is(200));
    }
}
