package dev.parley.ingest.decode;

import dev.parley.session.Json;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Details of an event that aren't what they must be. They are kept as they were said: none is a
 * reason to lose a turn.
 */
final class UnreadFields {

    private final Set<String> names = new TreeSet<>();
    private final SortedMap<String, Json> asSaid = new TreeMap<>();
    private @Nullable String reason;

    /**
     * @param field one of the names that Parley knows, never one of the sender's: it becomes the
     *     tag of a metric
     * @param expected what the field must be, to go on with its name
     */
    void keep(String field, Json value, String expected) {
        asSaid.put(field, value);
        note(field, expected);
    }

    /** The same where what was said is kept already. */
    void note(String field, String expected) {
        names.add(field);
        if (reason == null) {
            reason = field + expected;
        }
    }

    Set<String> names() {
        return names;
    }

    SortedMap<String, Json> asSaid() {
        return asSaid;
    }

    /**
     * For events that have no place to keep them in, and are nothing without them.
     *
     * @throws UndecodableException if there are any
     */
    void refuse() {
        if (reason != null) {
            throw new UndecodableException(reason);
        }
    }
}
