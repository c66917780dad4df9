package dev.parley.bench;

import dev.parley.dynamodb.RecordedReads;
import dev.parley.dynamodb.RequestsOfARead;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is read: over REST, and with the requests that this makes to DynamoDB. */
enum Reads {
    SESSION("GET /sessions/{id} of nine turns", "application/json", 9, 16),
    TURNS("GET /sessions/{id}/turns, 50 of 2,000", "application/json", 50, 16),
    LIST("GET /sessions?userId=, the newest 20 of 2,005", "application/json", 20, 16),
    HISTORY("2,000 turns as NDJSON", "application/x-ndjson", 2_000, 4);

    private static final int SESSIONS = 2_000;
    private static final int LONG_SESSIONS = 5;
    private static final int CLOSE_TOGETHER = 20;
    private static final String USER = "u-1042"; // of Prose

    private final String what;
    private final String accept;
    private final int parts;
    private final int inFlight;

    Reads(String what, String accept, int parts, int inFlight) {
        this.what = what;
        this.accept = accept;
        this.parts = parts;
        this.inFlight = inFlight;
    }

    String what() {
        return what;
    }

    String accept() {
        return accept;
    }

    /** Turns or sessions that each answer has. */
    int parts() {
        return parts;
    }

    /** A pattern of what stands once in each of them, and nowhere else. */
    String mark() {
        return this == LIST ? "\"turnCount\":" : "\"turnId\":";
    }

    /** Reads at a time, at the most. */
    int inFlight() {
        return inFlight;
    }

    /** What must be published first: ordinary turns, and long sessions of them. */
    static Stream<Event> events() {
        return Stream.concat(
                Event.conversations(
                        "read-", SESSIONS, 0, SESSION.parts, CLOSE_TOGETHER, Event.ordinary(7)),
                Event.conversations(
                        "long-", LONG_SESSIONS, 0, HISTORY.parts, 1, Event.ordinary(7)));
    }

    /**
     * What the service must be told. By default half of the sessions of nine turns have begun a
     * second item and would be read with a turn or two; a read of all nine is the dearer one.
     */
    static Map<String, String> settings() {
        return Map.of("parley.table.tail-bytes", "2000");
    }

    /** Paths to take in turn. */
    List<String> paths() {
        return switch (this) {
            case SESSION -> ids("read-", SESSIONS).map(id -> "/sessions/" + id).toList();
            case TURNS, HISTORY -> ids("long-", LONG_SESSIONS).map(Reads::turns).toList();
            case LIST -> List.of("/sessions?limit=" + parts + "&userId=" + USER);
        };
    }

    private static String turns(String id) {
        return "/sessions/" + id + "/turns";
    }

    /** The same without the service. */
    List<RequestsOfARead> requests(RecordedReads service) {
        return switch (this) {
            case SESSION -> ids("read-", SESSIONS).map(service::session).toList();
            case TURNS -> ids("long-", LONG_SESSIONS).map(id -> service.turns(id, parts)).toList();
            case HISTORY -> ids("long-", LONG_SESSIONS).map(service::history).toList();
            case LIST -> List.of(service.sessions(USER, parts));
        };
    }

    private static Stream<String> ids(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(number -> prefix + number);
    }
}
