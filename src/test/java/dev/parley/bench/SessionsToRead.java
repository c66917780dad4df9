package dev.parley.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The sessions that are read, nine ordinary turns each, all in one item. */
final class SessionsToRead {

    static final int TURNS = 9;

    private static final int SESSIONS = 2_000;
    private static final String PREFIX = "read-";
    private static final int CLOSE_TOGETHER = 20;

    private SessionsToRead() {}

    static List<String> ids() {
        return IntStream.range(0, SESSIONS).mapToObj(session -> PREFIX + session).toList();
    }

    /** What must be published for them to be there. */
    static Stream<Event> events() {
        return Event.conversations(PREFIX, SESSIONS, 0, TURNS, CLOSE_TOGETHER, Event.ordinary(7));
    }

    /**
     * What the service must be told. By default half of such sessions have begun a second item and
     * would be read with a turn or two; a read of all nine is the dearer one.
     */
    static Map<String, String> settings() {
        return Map.of("parley.table.tail-bytes", "2000");
    }
}
