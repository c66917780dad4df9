package dev.parley.api;

import static dev.parley.api.InvalidRequest.call;
import static dev.parley.api.InvalidRequest.get;

import java.util.List;

/** Invalid requests, and what their problems state. The session {@code api-1} has one turn. */
final class InvalidRequests {

    private InvalidRequests() {}

    /** Returns requests that get a problem. */
    static List<InvalidRequest> invalid() {
        return List.of(

                // Invalid percent-encoding, in a path and in a query
                get("/sessions/%zz").is(400, "not a URI"),
                get("/sessions/%").is(400, "not a URI"),
                get("/sessions/%f").is(400, "not a URI"),
                get("/sessions/%zz/turns").is(400, "not a URI"),
                get("/sessions/api-1?turns=%zz").is(400, "not a URI"),
                get("/sessions/api-1?turns=%").is(400, "not a URI"),
                get("/sessions/api-1/turns?limit=%zz").is(400, "not a URI"),
                get("/sessions/api-1/turns?%zz=1").is(400, "not a URI"),
                get("/asyncapi?%zz").is(400, "not a URI"),
                get("/%zz").is(400, "not a URI"),
                get("/q/%zz").is(400, "not a URI"),
                get("/q/openapi?format=%zz").is(400, "not a URI"),
                get("/?%").is(400, "not a URI"),

                // Characters that a URI can't contain
                get("/sessions/{sessionId}").is(400, "not a URI"),
                get("/sessions/<b>").is(400, "not a URI"),
                get("/sessions/a|b").is(400, "not a URI"),
                get("/sessions/\\").is(400, "not a URI"),
                get("/sessions/\"").is(400, "not a URI"),
                get("/sessions/api-1\u0000").is(400, "not a URI"),
                get("/sessions/a#b").is(400, "write a literal # as %23"),
                get("/sessions/api-1?turns=none#top").is(400, "fragment"),
                get("/sessions/\u00c3\u00bc").is(400, "not ASCII"),
                get("/sessions/api-1?turns=\u00ff").is(400, "not ASCII"),

                // Bytes that are not UTF-8: an invalid byte, an overlong NUL, a surrogate, Latin-1
                get("/sessions/%ff").is(400, "not UTF-8"),
                get("/sessions/%C0%80").is(400, "not UTF-8"),
                get("/sessions/%ED%A0%80").is(400, "not UTF-8"),
                get("/sessions/%FCber/turns").is(400, "not UTF-8"),
                get("/%ff").is(400, "not UTF-8"),
                get("/sessions/api-1/turns?pageToken=%ff").is(400, "not UTF-8"),

                // Unusual ids that are valid, but that no session has
                get("/sessions/%00").is(404, "There is no session \u0000."),
                get("/sessions/a%00b/turns").is(404, "There is no session a\u0000b."),
                get("/sessions/%0d%0aX-Injected:%20y").is(404, "X-Injected: y."),
                get("/sessions/a%2Fb").is(404, "There is no session a/b."),
                get("/sessions/a%2Fb/turns").is(404, "There is no session a/b."),
                get("/sessions/%2e%2e%2f%2e%2e%2fetc%2fpasswd").is(404, "../../etc/passwd."),
                get("/sessions/%25zz").is(404, "There is no session %zz."),
                get("/sessions/api-1%20").is(404, "There is no session api-1 ."),
                get("/sessions/API-1").is(404, "There is no session API-1."),
                get("/sessions/%E2%80%AEabc").is(404, "There is no session \u202eabc."),
                get("/sessions/%F0%9F%99%8C").is(404, "There is no session \ud83d\ude4c."),
                get("/sessions/%C3%BC").is(404, "There is no session \u00fc."),
                get("/sessions/u%CC%88").is(404, "There is no session u\u0308."),

                // Paths that could be read as the path of another session
                get("/sessions/api-1;x").is(400, "%3B"),
                get("/sessions/api-1;").is(400, "%3B"),
                get("/sessions/api-1;jsessionid=7").is(400, "%3B"),
                get("/sessions/api-1;x=y/turns").is(400, "%3B"),
                get("/sessions/api-1/turns;v=1").is(400, "%3B"),
                get("/sessions/api-1/events;").is(400, "%3B"),
                get("/sessions/;/events").is(400, "%3B"),
                get("/sessions;v=1/api-1").is(400, "%3B"),
                get("/%73essions/api-1;x").is(400, "%3B"),
                get("/a/../sessions/api-1;x").is(400, "%3B"),
                get("/sessions/api-1%3Bx").is(404, "There is no session api-1;x."),
                get("/sessions/%3B/turns").is(404, "There is no session ;."),
                get("/sessions/.").is(400, "no session has the id ."),
                get("/sessions/..").is(400, "no session has the id ."),
                get("/sessions/./turns").is(400, "no session has the id ."),
                get("/sessions/../events").is(400, "no session has the id ."),
                get("/sessions/%2e").is(400, "no session has the id ."),
                get("/sessions/%2e/").is(400, "no session has the id ."),
                get("/sessions/%2E%2e/turns").is(400, "no session has the id ."),
                get("/sessions/.%2e/api-1").is(400, "no session has the id ."),
                get("/sessions/%2e%2E/stats").is(400, "no session has the id ."),
                get("/sessions/x/%2e%2e/api-1").is(400, "no session has the id ."),
                get("/sessions/...").is(404, "There is no session ...."),
                get("/sessions//turns").is(400, "the session id is empty"),
                get("/sessions//events").is(400, "the session id is empty"),
                get("/sessions///turns").is(400, "the session id is empty"),

                // Texts that can't be the id of a session
                get("/sessions/api%23p7").is(400, "like the key of a page"),
                get("/sessions/" + "x".repeat(1025)).is(400, "longer than 1024 bytes"),
                get("/sessions/" + "%C3%BC".repeat(513)).is(400, "longer than 1024 bytes"),
                get("/sessions/" + "x".repeat(10_000) + "/turns").is(400, "longer than 1024"),

                // Invalid parameters
                get("/sessions/api-1?turns=all").is(400, "turns must be"),
                get("/sessions/api-1?turns=RECENT").is(400, "turns must be"),
                get("/sessions/api-1/turns?order=up").is(400, "order must be"),
                get("/sessions/api-1/turns?order=asc%00").is(400, "order must be"),
                get("/sessions/api-1/turns?limit=0").is(400, "limit must be"),
                get("/sessions/api-1/turns?limit=-1").is(400, "limit must be"),
                get("/sessions/api-1/turns?limit=%2B1").is(400, "limit must be"),
                get("/sessions/api-1/turns?limit=1.5").is(400, "limit must be"),
                get("/sessions/api-1/turns?limit=1e3").is(400, "limit must be"),
                get("/sessions/api-1/turns?limit=%D9%A1").is(400, "limit must be"),
                get("/sessions/api-1/turns?limit=x&limit=1")
                        .is(400, "limit is given more than once"),
                get("/sessions/api-1/turns?pageToken=x").is(400, "pageToken"),
                get("/sessions/api-1/turns?pageToken=%F0%9F%99%8C").is(400, "pageToken"),
                get("/sessions/api-1/turns?pageToken=dHVybnMgYXNjIGFwaS0xCg").is(400, "pageToken"),

                // Targets, headers and bodies that are too long
                get("/sessions/" + "x".repeat(20_000)).is(414, "longer than 16384"),
                get("/sessions/api-1?x=" + "y".repeat(60_000)).is(414, "longer than 16384"),
                get("/q/health?x=" + "y".repeat(60_000)).is(414, "longer than 16384"),
                get("/sessions/api-1")
                        .with("X: " + "y".repeat(30_000))
                        .is(431, "longer than 20480"),
                get("/asyncapi").with("Cookie: " + "y".repeat(60_000)).is(431, "longer than 20480"),
                call("POST", "/sessions/api-1").with("Content-Length: 99999999").is(413, "body"),

                // Paths at which nothing is served
                get("/nowhere").is(404, "nothing is served at this path"),
                get("/sessions/api-1/turns/t-1").is(404, "nothing is served"),
                get("/sessions/api-1/nothing").is(404, "nothing is served"),
                get("/asyncapi/channels").is(404, "nothing is served"),
                get("/a".repeat(5_000)).is(404, "nothing is served"),
                get("/%00").is(404, "nothing is served"),
                get("/../../etc/passwd").is(404, "nothing is served"),
                get("/q").is(404, "nothing is served"),
                get("/q/nowhere").is(404, "nothing is served"),
                get("/q/health/nowhere").is(404, "nothing is served"),
                get("*").is(404),
                get("sessions/api-1").is(404),
                get("?turns=none").is(400),

                // Methods that a path does not support
                call("POST", "/sessions/api-1").is(405, "Allow"),
                call("PUT", "/sessions/api-1").withBody("application/json", "{\"a\"").is(405),
                call("DELETE", "/sessions/api-1").is(405),
                call("PATCH", "/sessions/api-1/turns").withBody("no/such/type", "x").is(405),
                call("POST", "/asyncapi").withBody("", "x").is(405),
                call("TRACE", "/sessions/api-1").is(405),
                call("CONNECT", "/sessions/api-1").is(405),
                call("get", "/sessions/api-1").is(405),
                call("PARLEY", "/sessions/api-1").is(405),
                call("POST", "/q/openapi").is(405, "Allow"),
                call("DELETE", "/q/health").is(405, "Allow"),
                call("POST", "/nowhere").is(404, "nothing is served"),

                // Media types that are not served, or that are invalid
                get("/sessions/api-1").with("Accept: text/html").is(406, "Accept"),
                get("/sessions/api-1").with("Accept: foo").is(406, "Accept"),
                get("/sessions/api-1").with("Accept: */").is(406, "Accept"),
                get("/sessions/api-1").with("Accept: ;;;").is(406, "Accept"),
                get("/sessions/api-1").with("Accept: ,").is(406, "Accept"),
                get("/sessions/api-1").with("Accept: \u00e9/\u00fc").is(406, "Accept"),
                get("/asyncapi").with("Accept: application/json").is(406, "Accept"),
                get("/nowhere").with("Accept: foo").is(404),
                get("/sessions/api-1").with("Accept: application/json;q=0").is(406, "Accept"),
                get("/sessions/api-1").with("Accept: application/json; Q=0.000").is(406),
                get("/sessions/api-1").with("Accept: */*, application/json;q=0").is(406),
                get("/sessions/api-1").with("Accept: */*;q=0").is(406, "Accept"),
                get("/sessions/api-1").with("Accept: application/*;q=0.0, text/*").is(406),
                get("/sessions").with("Accept: application/json;q=0").is(406, "Accept"),
                get("/stats").with("Accept: application/json;q=0, */*;q=0.1").is(406),
                get("/asyncapi").with("Accept: application/yaml;q=0").is(406, "Accept"),
                get("/").with("Accept: text/plain;q=0, */*").is(406, "Accept"),
                get("/sessions/api-1/turns")
                        .with("Accept: application/json;q=0, application/x-ndjson;q=0, */*")
                        .is(406, "Accept"),
                get("/sessions/api-1/events").with("Accept: text/event-stream;q=0").is(406),

                // Streams, whose end HTTP/1.0 can't mark
                get("/sessions/api-1/turns")
                        .with("Accept: application/x-ndjson")
                        .over("HTTP/1.0")
                        .is(505, "proxy_http_version 1.1"),
                get("/sessions/api-1/events").over("HTTP/1.0").is(505, "HTTP/1.1 or newer"),
                get("/sessions/nobody/events").over("HTTP/1.0").is(505),

                // Preconditions that are not met
                get("/sessions/api-1").with("If-Match: \"9\"").is(412, "version"),
                get("/sessions/api-1").with("If-Match: foo").is(412, "version"),

                // Missing or invalid hosts
                get("/sessions/api-1").withoutHost().is(400),
                get("/sessions/api-1/turns").withoutHost().over("HTTP/1.0").is(400, "Host"),
                get("/sessions/api-1").withoutHost().with("Host: a b").is(400),
                get("/sessions/api-1").withoutHost().with("Host: x:99999999").is(400),
                get("/nowhere").over("HTTP/1.0").is(404));
    }

    /** Returns requests that are unusual, but clear. They get the stated status. */
    static List<InvalidRequest> unusual() {
        return List.of(
                get("//sessions/api-1").is(200),
                get("/sessions//api-1").is(200),
                get("/sessions/api-1/").is(200),
                get("/sessions/none/../api-1").is(200),
                get("/sessions/%61pi-1").is(200),
                get("http://parley/sessions/api-1").is(200),
                get("/sessions/api-1?&&turns=none&").is(200),
                get("/sessions/api-1/turns?limit=99999999999999999999").is(200),
                get("/sessions/api-1").with("Accept: application/json;q=abc").is(200),
                get("/sessions/api-1").with("Accept: ").is(200),
                get("/sessions/api-1").with("If-None-Match: foo").is(200),
                get("/sessions/api-1").with("If-None-Match: \"").is(200),
                get("/sessions/api-1").with("If-None-Match: *").is(304),
                get("/sessions/api-1").with("If-None-Match: \"1\"").is(304),
                get("/sessions/api-1").with("If-None-Match: W/\"1\"").is(304),
                get("/sessions/api-1").with("If-None-Match: \"x,y\", W/\"1\"").is(304),
                get("/sessions/api-1")
                        .with("If-None-Match: \"7\"")
                        .with("If-None-Match: W/\"1\"")
                        .is(304),
                get("/sessions/api-1").with("If-None-Match: W/\"11\", \"7\"").is(200),
                get("/sessions/api-1").with("If-None-Match: 1").is(200),
                get("/sessions/api-1").with("If-Match: *").is(200),
                get("/sessions/api-1").with("Accept: application/json, */*;q=0").is(200),
                get("/sessions/api-1").with("Accept: application/*;q=0, application/json").is(200),
                get("/sessions/api-1").with("Accept: application/json;q=0.001").is(200),
                get("/sessions/api-1/turns").over("HTTP/1.0").is(200),
                get("/sessions/api-1").with("If-Modified-Since: yesterday").is(200),
                get("/sessions/api-1").withBody("application/json", "{\"a\"").is(200),
                get("/sessions/api-1").over("HTTP/1.0").is(200),
                get("/q/health/live").withoutHost().over("HTTP/1.0").is(200),
                call("HEAD", "/sessions/api-1").is(200),
                call("HEAD", "/sessions/nobody").is(404),
                call("OPTIONS", "/sessions/api-1").is(200));
    }

    /** Returns requests that can't be parsed, or that are far too long. They get only a status. */
    static List<InvalidRequest> unreadable() {
        return List.of(
                get("/sessions/api 1").is(400),
                get("").is(400),
                get("/sessions/api-1").over("").is(400),
                call("G(T", "/sessions/api-1").is(400),
                get("/sessions/api-1").with("No colon").is(400),
                get("/sessions/api-1").with("Bad Name: x").is(400),
                get("/sessions/api-1").with("X: a\u0000b").is(400),
                get("/sessions/api-1").with("Content-Length: -1").is(400),
                get("/sessions/api-1?x=" + "y".repeat(1_000_000)).is(414),
                get("/sessions/api-1").with("X: " + "y".repeat(100_000)).is(431));
    }
}
