package dev.parley.session;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One message (or one tool call) in a session.
 *
 * @param id identifies the turn together with its role, in every duplicate and revision: see {@link
 *     Identity}
 * @param occurredAt when the turn first happened, the same in every duplicate and revision
 * @param revision 0 for the first version; a higher one replaces it (edits, feedback, streaming)
 * @param sequence orders turns of the same moment, if the platform states it; absent, it is 0
 * @param content a JSON string, or an array of content parts
 * @param model the model that answered, if one did
 * @param usage the tokens that this turn used, if stated
 * @param latencyMs how long the answer took, in milliseconds, if stated
 * @param error what went wrong, as the platform describes it; its presence counts as an error
 * @param metadata a JSON object with everything else that the platform sent
 * @param parts where the text of the turn is stored; null if this turn contains its text. With it,
 *     the content is JSON's null, other texts are absent, and an error is only present
 */
public record Turn(
        String id,
        Instant occurredAt,
        long revision,
        @Nullable Long sequence,
        Role role,
        Json content,
        @Nullable String userId,
        @Nullable String channel,
        @Nullable String model,
        @Nullable Usage usage,
        @Nullable Long latencyMs,
        @Nullable Json error,
        @Nullable Json metadata,
        @Nullable Parts parts) {

    /** The longest name of a model that a turn keeps if its text is stored in parts. */
    private static final int MAX_MODEL_LENGTH = 256;

    /**
     * The order of a transcript: by time, then by sequence, then by role in the order of an
     * exchange, then by id.
     */
    public static final Comparator<Turn> ORDER =
            Comparator.comparing(Turn::occurredAt)
                    .thenComparingLong(Turn::sequenceOrZero)
                    .thenComparing(Turn::role)
                    .thenComparing(Turn::id);

    /**
     * Identifies a turn, whatever its time is. The role is part of it, because some platforms give
     * a question and its answer the same id.
     */
    public record Identity(String id, Role role) {}

    /**
     * The parts of a large text: items of their own, whose numbers are consecutive.
     *
     * @param version the version of the session with which they were written
     */
    public record Parts(int first, int count, long version) {}

    public Turn {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("a turn's id can't be empty");
        }
        if (revision < 0) {
            throw new IllegalArgumentException("a turn's revision can't be negative");
        }
        if (latencyMs != null && latencyMs < 0) {
            throw new IllegalArgumentException("a latency can't be negative");
        }
    }

    /** Creates a turn that contains its text. */
    public Turn(
            String id,
            Instant occurredAt,
            long revision,
            @Nullable Long sequence,
            Role role,
            Json content,
            @Nullable String userId,
            @Nullable String channel,
            @Nullable String model,
            @Nullable Usage usage,
            @Nullable Long latencyMs,
            @Nullable Json error,
            @Nullable Json metadata) {
        this(
                id,
                occurredAt,
                revision,
                sequence,
                role,
                content,
                userId,
                channel,
                model,
                usage,
                latencyMs,
                error,
                metadata,
                null);
    }

    /** Returns this turn without its text, which is stored in these parts. */
    public Turn withTextIn(Parts stored) {
        return new Turn(
                id,
                occurredAt,
                revision,
                sequence,
                role,
                new Json("null"),
                null,
                null,
                model == null || model.length() > MAX_MODEL_LENGTH ? null : model,
                usage,
                latencyMs,
                error == null ? null : new Json("true"),
                null,
                stored);
    }

    public Identity identity() {
        return new Identity(id, role);
    }

    private long sequenceOrZero() {
        return sequence == null ? 0 : sequence;
    }

    /**
     * Returns this turn at the position of its former revision: with that revision's time and
     * sequence.
     */
    public Turn inPlaceOf(Turn former) {
        return new Turn(
                id,
                former.occurredAt,
                revision,
                former.sequence,
                role,
                content,
                userId,
                channel,
                model,
                usage,
                latencyMs,
                error,
                metadata,
                parts);
    }

    /** Returns the size of the turn in UTF-16 units: all its text except the ids. */
    public int textLength() {
        return content.text().length()
                + (model == null ? 0 : model.length())
                + (error == null ? 0 : error.text().length())
                + (metadata == null ? 0 : metadata.text().length());
    }

    /**
     * Returns only ids and sizes, because the content is what a person said and must not be logged.
     */
    @Override
    public String toString() {
        return "Turn[id=%s, occurredAt=%s, revision=%d, role=%s, content=%s]"
                .formatted(id, occurredAt, revision, role, content);
    }
}
