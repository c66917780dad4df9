package dev.parley.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Cases of ids, times, headers and formats that are at their limits or beyond. */
final class InvalidRecords {

    private static final String PAGE_KEY =
            "the session id ends like the key of a page (#p and a number)";
    private static final String TIME =
            "occurredAt must be an ISO 8601 time, or seconds, milliseconds or microseconds since 1970,"
                    + " from the year 1970 to 9999";
    private static final byte[] NOT_UTF_8 = {(byte) 0xC3, (byte) 0x28};

    private final List<InvalidRecord> cases = new ArrayList<>();

    static List<InvalidRecord> cases() {
        InvalidRecords all = new InvalidRecords();
        all.sessionIds();
        all.otherIds();
        all.times();
        all.headers();
        all.cloudEvents();
        all.rasaEvents();
        return all.cases;
    }

    private InvalidRecord given(String name) {
        InvalidRecord added = new InvalidRecord(name);
        cases.add(added);
        return added;
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private void sessionIds() {
        String longest = "é".repeat(512);
        storedAs("session id of 1,024 bytes", "x".repeat(1024));
        storedAs("session id of 512 characters, 1,024 bytes", longest);
        storedAs("session id of spaces", "   ");
        storedAs("session id of characters without width", "\u200b\u202e");
        storedAs("session id like an expression", "#id = :v");
        storedAs("session id almost like a page key", "x#p7.");
        storedAs("session id with slashes", "a/b?c=d&e%2Ff");
        storedAs("session id with a meaning in JavaScript", "__proto__");
        given("session id of 1,025 bytes")
                .turnWith(sessionId(longest + "x"))
                .isDeadLettered("the session id is longer than 1024 bytes");
        given("session id of 2 KB")
                .turnWith(sessionId("x".repeat(2048)))
                .isDeadLettered("the session id is longer than 1024 bytes");
        given("session id of a page").turnWith(sessionId("x#p7")).isDeadLettered(PAGE_KEY);
        given("session id of a split").turnWith(sessionId("x#p7.1.2")).isDeadLettered(PAGE_KEY);
        given("session id of a page, as the key")
                .key("x#p0".getBytes(UTF_8))
                .turnWith()
                .isDeadLettered(PAGE_KEY);
        given("tombstone of a page")
                .key("x#p0".getBytes(UTF_8))
                .isDeadLettered("no value, and no session id as its key");
        for (String id : List.of(".", "..")) {
            given("session id of " + id.length() + " dots")
                    .turnWith(sessionId(id))
                    .isDeadLettered("the session id is . or .., which no URL can hold");
        }
        given("empty session id").turnWith(sessionId("")).isDeadLettered("the session id is empty");
        given("half a pair in a session id")
                .turnWith(sessionId("\\ud800"))
                .isDeadLettered("sessionId contains half a surrogate pair");
        given("no session id, and a key that is not UTF-8")
                .key(NOT_UTF_8)
                .turnWith()
                .isDeadLettered("no sessionId");
        given("no session id and no key").key(null).turnWith().isDeadLettered("no sessionId");
        given("tombstone without a key")
                .key(null)
                .isDeadLettered("no value, and no session id as its key");
    }

    private void storedAs(String name, String sessionId) {
        given(name)
                .inSession(sessionId)
                .turnWith(sessionId(sessionId))
                .isStored("turn/content", "\"x\"");
    }

    private static String sessionId(String id) {
        return "\"sessionId\":" + quoted(id);
    }

    private void otherIds() {
        for (String field : List.of("turnId", "userId", "channel")) {
            String longest = "€".repeat(512);
            given(field + " of 1,536 bytes")
                    .turnWith(quoted(field) + ":" + quoted(longest))
                    .isStored("turn/" + field, quoted(longest));
            given(field + " of 513 characters")
                    .turnWith(quoted(field) + ":" + quoted(longest + "x"))
                    .isStored("turn/metadata/" + field, quoted(longest + "x"));
            given(field + " of NUL")
                    .turnWith(quoted(field) + ":" + quoted("\\u0000"))
                    .isStored("turn/" + field, quoted("\\u0000"));
            given(field + " that is a number")
                    .turnWith(quoted(field) + ":7")
                    .isStored("turn/" + field, quoted("7"));
            given(field + " that is an array")
                    .turnWith(quoted(field) + ":[7]")
                    .isStored("turn/metadata/" + field, "[7]");
        }
        given("empty user and channel")
                .turnWith("\"userId\":\"\"", "\"channel\":\"\"")
                .isStored("turn/userId", "", "session/channel", "");
        given("turnId that sorts after all others")
                .turnWith("\"turnId\":\"\uffff\uffff\"")
                .isStored("turn/turnId", "\"\uffff\uffff\"");
        given("model of 3 KB")
                .turnWith("\"model\":" + quoted("m".repeat(3_000)))
                .isStored("turn/model", quoted("m".repeat(3_000)));
    }

    private void times() {
        given("first time")
                .turnWith("\"occurredAt\":\"1970-01-01T00:00:00Z\"")
                .isStored("turn/occurredAt", "\"1970-01-01T00:00:00Z\"");
        given("last time")
                .turnWith("\"occurredAt\":\"9999-12-31T23:59:59Z\"", "\"turnId\":\"a\"")
                .isDeadLettered(
                        "its time is more than 600 s after its record's timestamp"
                                + " (parley.ingest.max-ahead)");
        for (String time :
                List.of(
                        "1969-12-31T23:59:59.999Z",
                        "0000-01-01T00:00:00Z",
                        "+292278994-08-17T07:12:55.807Z",
                        "+999999999-12-31T23:59:59Z",
                        "-999999999-01-01T00:00:00Z",
                        "2026-11-22")) {
            given("time " + time).turnWith("\"occurredAt\":" + quoted(time)).isDeadLettered(TIME);
        }
        given("time in milliseconds")
                .turnWith("\"occurredAt\":1795342394000")
                .isStored("turn/occurredAt", "\"2026-11-22T10:13:14Z\"");
        given("time of a stopwatch").turnWith("\"occurredAt\":12.5").isDeadLettered(TIME);
    }

    private void headers() {
        InvalidRecord many = given("5,000 headers").turnWith().isStored("turn/content", "\"x\"");
        InvalidRecord manyOfInvalid = given("5,000 headers of an invalid record").value("x");
        for (int i = 0; i < 5_000; i++) {
            many.with("h-" + i, "");
            manyOfInvalid.with("h-" + i, "");
        }
        manyOfInvalid.isDeadLettered("not valid JSON at byte 0");
        given("header of 100 KB")
                .with("trace", "x".repeat(100_000))
                .turnWith()
                .isStored("turn/content", "\"x\"");
        given("a single header of CloudEvents")
                .with("ce_type", "x".repeat(100_000))
                .turnWith()
                .isDeadLettered("the CloudEvent has no specversion");
        given("headers that are not UTF-8")
                .with("content-type", NOT_UTF_8)
                .with("trace", NOT_UTF_8)
                .turnWith()
                .isStored("turn/content", "\"x\"");
        given("forged headers of a dead letter")
                .with("dead-letter-reason", "none")
                .with("dead-letter-timestamp", "-1")
                .with("dead-letter-omitted", "x")
                .turnWith()
                .isStored("turn/content", "\"x\"");
    }

    private InvalidRecord binary(String name, String type) {
        return given(name)
                .with("ce_specversion", "1.0")
                .with("ce_type", type)
                .with("ce_source", "/desk")
                .with("ce_time", "2026-11-22T10:00:00Z");
    }

    private void cloudEvents() {
        String data = "{\"role\":\"user\",\"content\":\"x\"}";
        binary("binary, duplicate headers", "a.turn")
                .with("ce_id", "first")
                .with("ce_id", "last")
                .value(data)
                .isStored("turn/turnId", "\"/desk last\"");
        binary("binary, without an id", "a.turn")
                .value(data)
                .isDeadLettered("the CloudEvent has no id");
        binary("binary, subject that is not UTF-8", "a.turn")
                .with("ce_id", "e-1")
                .with("ce_subject", NOT_UTF_8)
                .value(data)
                .isDeadLettered("the header ce_subject is not valid UTF-8");
        binary("binary, turn without data", "a.turn")
                .with("ce_id", "e-1")
                .isDeadLettered("a turn needs role");
        binary("binary, id of 100 KB", "a.turn")
                .with("ce_id", "x".repeat(100_000))
                .value(data)
                .isStored("turn/content", "\"x\"");
        binary("binary, data of another type", "a.turn")
                .with("ce_id", "e-1")
                .value("{\"type\":\"session.deleted\",\"role\":\"user\",\"content\":\"x\"}")
                .isDeadLettered("the type in the data differs from the CloudEvent's type");
        binary("binary, data of the platform's own type", "a.turn")
                .with("ce_id", "e-1")
                .value("{\"type\":\"greeting\",\"role\":\"user\",\"content\":\"x\"}")
                .isStored("turn/metadata", "{\"type\":\"greeting\"}");
        binary("binary, unknown type", "order.placed")
                .with("ce_id", "e-1")
                .value(data)
                .isDeadLettered(
                        "the CloudEvent's type must end in turn, session.updated, session.ended or"
                                + " session.deleted");
        structured("structured, data_base64", "\"id\":\"e\",\"data_base64\":\"!!!\"")
                .isDeadLettered("data_base64 is not base64");
        structured("structured, without an id", "\"data\":" + data)
                .isDeadLettered("the CloudEvent has no id");
        structured("structured, unsupported version", "\"id\":\"e\",\"data\":" + data, "0.3")
                .isDeadLettered("the CloudEvent's specversion must be 1.0");
        structured("structured, data that is a string", "\"id\":\"e\",\"data\":\"x\"")
                .isDeadLettered("data must be an object");
        given("batch of CloudEvents")
                .with("content-type", "application/cloudevents-batch+json")
                .value("[]")
                .isDeadLettered("a record must contain one CloudEvent, not a batch");
    }

    private InvalidRecord structured(String name, String members) {
        return structured(name, members, "1.0");
    }

    private InvalidRecord structured(String name, String members, String version) {
        return given(name)
                .with("content-type", "application/cloudevents+json")
                .value(
                        "{\"specversion\":\"%s\",\"type\":\"turn\",\"source\":\"/desk\",%s}"
                                .formatted(version, members));
    }

    private void rasaEvents() {
        rasa("Rasa, text that is an object", "user", "1795342394.5,\"text\":{\"a\":1}")
                .isStored("turn/content", "\"\"", "turn/metadata/text", "{\"a\":1}");
        rasa("Rasa, no text", "bot", "1795342394.5,\"data\":{\"image\":\"a\"}")
                .isStored("turn/content", "[{\"type\":\"image\",\"image\":\"a\"}]");
        rasa("Rasa, exponent", "user", "1e9999,\"text\":\"x\"")
                .isDeadLettered(TIME.replace("occurredAt", "timestamp"));
        rasa("Rasa, least timestamp", "user", "1e-9999,\"text\":\"x\"")
                .isStored("turn/occurredAt", "\"1970-01-01T00:00:00Z\"");
        rasa("Rasa, negative timestamp", "user", "-1,\"text\":\"x\"")
                .isDeadLettered(TIME.replace("occurredAt", "timestamp"));
        rasa("Rasa, slot without a name", "slot", "1795342394.5,\"name\":\"\"")
                .isDeadLettered("attributes must have no empty key");
        rasa("Rasa, action with invalid fields", "action", "\"x\",\"name\":[[]]").isIgnored();
    }

    private InvalidRecord rasa(String name, String event, String rest) {
        InvalidRecord given = given(name);
        return given.value(
                "{\"sender_id\":\"%s\",\"event\":\"%s\",\"timestamp\":%s}"
                        .formatted(given.sessionId(), event, rest));
    }
}
