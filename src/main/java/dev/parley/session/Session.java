package dev.parley.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A session as readers see it.
 *
 * @param startedAt when its first turn happened; of a session without turns, its first event
 * @param lastActivityAt when its last turn happened; of a session without turns, its last event
 * @param asOf when the newest event that is included happened
 * @param version increases with every write, and never decreases
 * @param recentTurns the last turns, as many as were wanted, in the order of {@link Turn#ORDER}, as
 *     they are stored
 */
public record Session(
        String id,
        @Nullable String userId,
        @Nullable String channel,
        Status status,
        Instant startedAt,
        Instant lastActivityAt,
        Instant asOf,
        Counters counters,
        SortedMap<String, Json> attributes,
        SortedMap<String, Json> userData,
        long version,
        List<Json> recentTurns) {

    /**
     * The longest user id, in characters. Each takes three bytes at most, so that the id can be the
     * key of an index, which has at most 2,048 bytes (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html">Constraints</a>).
     */
    public static final int MAX_USER_ID_LENGTH = 512;

    /**
     * The status of a session. It has ended if an end was reported and no turn has happened since.
     * A turn that is later than the end by no more than clocks may differ ({@code
     * parley.ingest.max-ahead}) counts as before it: most often it is the last turn, by another
     * clock than that of the end.
     */
    public enum Status {
        OPEN,
        ENDED
    }

    public Session {
        recentTurns = List.copyOf(recentTurns);
    }

    public Duration duration() {
        return Duration.between(startedAt, lastActivityAt);
    }

    /** Returns the values that are set, without their stamps. */
    public static SortedMap<String, Json> values(Map<String, Stamped<Json>> stamped) {
        SortedMap<String, Json> values = new TreeMap<>();
        stamped.forEach(
                (key, entry) -> {
                    Json value = entry.value();
                    if (value != null) {
                        values.put(key, value);
                    }
                });
        return values;
    }

    /** Returns only ids and sizes. */
    @Override
    public String toString() {
        return "Session[id=%s, version=%d, turns=%d]".formatted(id, version, counters.turns());
    }
}
