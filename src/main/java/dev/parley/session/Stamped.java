package dev.parley.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A value and the time of the event that set it. The latest event time wins; if the times are
 * equal, the greater value wins. So the result is the same in whichever order, and however often,
 * the events arrive.
 *
 * @param value null if the event removed the value; the removal is kept, because otherwise an older
 *     value that arrives late would restore it
 * @param at the time of the event
 */
public record Stamped<T extends Comparable<T>>(@Nullable T value, Instant at) {

    static <T extends Comparable<T>> Stamped<T> latest(
            @Nullable Stamped<T> known, Stamped<T> incoming) {
        if (known == null) {
            return incoming;
        }
        int later = incoming.at.compareTo(known.at);
        return later > 0 || (later == 0 && beats(incoming.value, known.value)) ? incoming : known;
    }

    private static <T extends Comparable<T>> boolean beats(@Nullable T value, @Nullable T other) {
        return value != null && (other == null || value.compareTo(other) > 0);
    }
}
