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
 * @param asOf when the newest event that is in here happened
 * @param version grows with every write, never falls
 * @param recentTurns the newest turns in the order of {@link Turn#ORDER}, as they are stored
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

    /** In characters: three bytes each at the most, so that it can be the key of an index. */
    public static final int MAX_USER_ID_LENGTH = 512;

    /**
     * Ended when an end was announced and no turn has happened since. A turn that is later by no
     * more than clocks may differ counts as before: it is most often the last word, by another
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

    /** The values that are set, without their stamps. */
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

    /** Ids and sizes only. */
    @Override
    public String toString() {
        return "Session[id=%s, version=%d, turns=%d]".formatted(id, version, counters.turns());
    }
}
