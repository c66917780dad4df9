package dev.parley.ingest.decode;

import dev.parley.session.Json;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The details of an event that are not what they must be. They are kept as they were sent, because
 * no detail is a reason to lose a turn.
 */
final class UnreadFields {

    private final Set<String> names = new TreeSet<>();
    private final SortedMap<String, Json> asSent = new TreeMap<>();
    private @Nullable String reason;

    /**
     * Keeps a field that can't be read.
     *
     * @param field a name that Parley knows, never a name of the sender: it becomes the tag of a
     *     metric
     * @param expected what the field must be; it follows the name of the field in a message
     */
    void keep(String field, Json value, String expected) {
        asSent.put(field, value);
        note(field, expected);
    }

    /** Notes a field that can't be read and whose value is already kept. */
    void note(String field, String expected) {
        names.add(field);
        if (reason == null) {
            reason = field + expected;
        }
    }

    Set<String> names() {
        return names;
    }

    SortedMap<String, Json> asSent() {
        return asSent;
    }

    /**
     * Refuses an event that has no place to keep these fields in, and no meaning without them.
     *
     * @throws UndecodableException if there are any
     */
    void requireNone() {
        if (reason != null) {
            throw new UndecodableException(reason);
        }
    }
}
