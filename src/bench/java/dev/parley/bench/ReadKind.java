package dev.parley.bench;

import dev.parley.dynamodb.ReadRequests;
import dev.parley.dynamodb.RecordedReads;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The kinds of reads: over REST, and the requests to DynamoDB that each consists of. */
enum ReadKind {
    SESSION("GET /sessions/{id} of nine turns", "application/json", 9, 16),
    TURNS("GET /sessions/{id}/turns, 50 of 2,000", "application/json", 50, 16),
    LIST("GET /sessions?userId=, the newest 20 of 2,005", "application/json", 20, 16),
    HISTORY("2,000 turns as NDJSON", "application/x-ndjson", 2_000, 4);

    private static final int SESSIONS = 2_000;
    private static final int LONG_SESSIONS = 5;
    private static final int CLOSE_TOGETHER = 20;
    private static final String USER = "u-1042"; // the user of each turn in Prose

    private final String what;
    private final String accept;
    private final int parts;
    private final int inFlight;

    ReadKind(String what, String accept, int parts, int inFlight) {
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

    /** Returns how many turns or sessions each answer contains. */
    int parts() {
        return parts;
    }

    /** Returns a pattern that occurs once in each of these turns or sessions, and nowhere else. */
    String pattern() {
        return this == LIST ? "\"turnCount\":" : "\"turnId\":";
    }

    /**
     * Returns by how many bytes the same response may differ. The page token of a list contains the
     * current time, whose text is shorter if its fraction ends with zeros.
     */
    int variation() {
        return this == LIST ? 16 : 0;
    }

    /** Returns how many reads are sent at a time at most. */
    int inFlight() {
        return inFlight;
    }

    /** Returns the events that are published before the reads: short and long sessions. */
    static Stream<Event> events() {
        return Stream.concat(
                Event.conversations(
                        "read-", SESSIONS, 0, SESSION.parts, CLOSE_TOGETHER, Event.ordinary(7)),
                Event.conversations(
                        "long-", LONG_SESSIONS, 0, HISTORY.parts, 1, Event.ordinary(7)));
    }

    /**
     * Returns the configuration of the service. With the default size of the tail, half of the
     * sessions of nine turns have a second item, and a read would return one or two turns. With
     * this size, it returns all nine, which is more expensive.
     */
    static Map<String, String> settings() {
        return Map.of("parley.table.tail-bytes", "2000");
    }

    /** Returns the paths, which are read one after the other. */
    List<String> paths() {
        return switch (this) {
            case SESSION -> ids("read-", SESSIONS).map(id -> "/sessions/" + id).toList();
            case TURNS, HISTORY -> ids("long-", LONG_SESSIONS).map(ReadKind::turns).toList();
            case LIST -> List.of("/sessions?limit=" + parts + "&userId=" + USER);
        };
    }

    private static String turns(String id) {
        return "/sessions/" + id + "/turns";
    }

    /** Returns the requests to DynamoDB that the service makes for these paths. */
    List<ReadRequests> requests(RecordedReads recorder) {
        return switch (this) {
            case SESSION -> ids("read-", SESSIONS).map(recorder::session).toList();
            case TURNS -> ids("long-", LONG_SESSIONS).map(id -> recorder.turns(id, parts)).toList();
            case HISTORY -> ids("long-", LONG_SESSIONS).map(recorder::history).toList();
            case LIST -> List.of(recorder.sessions(USER, parts));
        };
    }

    private static Stream<String> ids(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(number -> prefix + number);
    }
}
