package dev.parley.api;

import static dev.parley.api.InvalidRequest.call;
import static dev.parley.api.InvalidRequest.get;

import java.util.List;
import java.util.stream.Stream;

/**
 * What clients get wrong with tokens and streams. What stands in braces is a token that was given
 * out: see {@link GivenTokens}. The session {@code odd-2} has two turns; it and {@code odd-1} are
 * of the user {@code odd-user}.
 */
final class InvalidTokens {

    private static final String FOREIGN = "pageToken is not one that this list gave out";

    private InvalidTokens() {}

    /** Each is answered with a problem. */
    static List<InvalidRequest> wrong() {
        return Stream.of(tokens(), streams()).flatMap(List::stream).toList();
    }

    private static List<InvalidRequest> tokens() {
        return List.of(

                // Of another list, or another part of it
                get("/sessions?pageToken={turns}").is(400, FOREIGN),
                get("/sessions?userId=odd-user&pageToken={turns}").is(400, FOREIGN),
                get("/sessions?userId=odd-user&pageToken={event}").is(400, FOREIGN),
                get("/sessions?pageToken={sessions}").is(400, FOREIGN),
                get("/sessions?userId=other&pageToken={sessions}").is(400, FOREIGN),
                get("/sessions?userId=odd-user&status=open&pageToken={sessions}").is(400, FOREIGN),
                get("/sessions?userId=odd-user&channel=c&pageToken={sessions}").is(400, FOREIGN),
                get("/sessions?userId=odd-user&from=2026-11-22&pageToken={sessions}")
                        .is(400, FOREIGN),
                get("/sessions/odd-2/turns?pageToken={sessions}").is(400, FOREIGN),
                get("/sessions/odd-2/turns?pageToken={event}").is(400, FOREIGN),
                get("/sessions/odd-1/turns?pageToken={turns}").is(400, FOREIGN),
                get("/sessions/odd-2/turns?order=desc&pageToken={turns}").is(400, FOREIGN),
                get("/sessions/odd-2/turns?order=asc&pageToken={turns}").is(400, FOREIGN),
                get("/sessions/odd-2/turns?to=2027-01-01&pageToken={turns}").is(400, FOREIGN),
                get("/sessions/nobody/turns?pageToken={turns}").is(400, FOREIGN),

                // Broken
                get("/sessions?userId=odd-user&pageToken=").is(400, FOREIGN),
                get("/sessions?userId=odd-user&pageToken=null").is(400, FOREIGN),
                get("/sessions?userId=odd-user&pageToken=!!").is(400, FOREIGN),
                get("/sessions?userId=odd-user&pageToken=" + "x".repeat(5_000)).is(400, FOREIGN),
                get("/sessions?userId=odd-user&pageToken={sessions edited at 0}").is(400, FOREIGN),
                get("/sessions?userId=odd-user&pageToken={sessions edited at 15}").is(400, FOREIGN),
                get("/sessions?userId=odd-user&pageToken={sessions edited at 16}").is(400, FOREIGN),
                get("/sessions?userId=odd-user&pageToken={sessions edited at 36}").is(400, FOREIGN),
                get("/sessions?userId=odd-user&pageToken={sessions}{sessions}").is(400, FOREIGN),
                get("/sessions?userId=odd-user&pageToken={sessions}&pageToken={sessions}")
                        .is(400, "pageToken is given more than once"),
                get("/sessions/odd-2/turns?pageToken=").is(400, FOREIGN),
                get("/sessions/odd-2/turns?pageToken=" + "x".repeat(5_000)).is(400, FOREIGN),
                get("/sessions/odd-2/turns?pageToken={turns edited at 0}").is(400, FOREIGN),
                get("/sessions/odd-2/turns?pageToken={turns edited at 16}").is(400, FOREIGN),
                get("/sessions/odd-2/turns?pageToken={turns edited at 20}").is(400, FOREIGN),
                get("/sessions/odd-2/turns?pageToken=x{turns}").is(400, FOREIGN));
    }

    private static List<InvalidRequest> streams() {
        return List.of(
                get("/sessions/nobody/events").is(404, "There is no session nobody."),
                get("/sessions/odd%23p7/events").is(400, "like the key of a page"),
                get("/sessions/odd-1/events").with("Accept: application/json").is(406, "Accept"),
                get("/sessions/odd-1/turns").with("Accept: text/html").is(406, "Accept"),
                get("/sessions/odd-1/turns").with("Accept: text/event-stream").is(406, "Accept"),
                get("/sessions/nobody/turns")
                        .with("Accept: application/x-ndjson")
                        .is(404, "nobody"),
                get("/sessions/odd-1/turns?limit=1")
                        .with("Accept: application/x-ndjson")
                        .is(400, "there are: consistent, from, order, to"),
                get("/sessions").with("Accept: application/x-ndjson").is(406, "Accept"),
                get("/stats").with("Accept: text/csv").is(406, "Accept"),
                call("POST", "/sessions").withBody("application/json", "{}").is(405, "Allow"),
                call("DELETE", "/sessions").is(405, "Allow"),
                call("POST", "/sessions/odd-1/turns").is(405, "Allow"),
                call("PUT", "/sessions/odd-1/events").is(405, "Allow"),
                call("POST", "/stats").is(405, "Allow"),
                call("POST", "/sessions/odd-1/nothing").is(404, "nothing is served"),
                get("/stats/odd").is(404, "nothing is served"));
    }

    /** What is odd, but clear: it is answered. */
    static List<InvalidRequest> clear() {
        return List.of(
                get("/sessions?userId=odd-user&limit=1&pageToken={sessions}").is(200),
                get("/sessions?userId=odd-user&limit=7&pageToken={sessions}").is(200),
                get("/sessions?pageToken={sessions}&userId=%6fdd-user").is(200),
                get("/sessions/odd-2/turns?limit=7&pageToken={turns}").is(200),
                get("/sessions?userId=odd-user;limit=0&limit=1").is(200),
                get("/sessions/odd-2/events").with("Last-Event-ID: {event}").is(200),

                // An error would end a browser's EventSource for good.
                get("/sessions/odd-2/events").with("Last-Event-ID: 7").is(200),
                get("/sessions/odd-2/events").with("Last-Event-ID: {turns}").is(200),
                get("/sessions/odd-2/events").with("Last-Event-ID: {event edited at 3}").is(200),
                get("/sessions/odd-1/events").with("Last-Event-ID: {event}").is(200),
                get("/sessions/odd-2/events").with("Last-Event-ID: " + "x".repeat(5_000)).is(200),
                get("/sessions/odd-2/events").with("Last-Event-ID: \u00ff").is(200));
    }
}
