package dev.parley.session;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One thing said (or one tool called) in a session.
 *
 * @param id with the role what the turn <em>is</em>, in every copy and revision: an {@link
 *     Identity}
 * @param occurredAt when it first happened, the same in every copy and revision
 * @param revision 0 for the first version; a higher one replaces it (edits, feedback, streaming)
 * @param sequence what comes first of turns of the same moment, if the platform tells; absent, it
 *     is 0
 * @param content a JSON string, or an array of content parts
 * @param model the model that answered, if one did
 * @param usage tokens that this turn cost, if told
 * @param latencyMs how long the answer took, in milliseconds, if told
 * @param error what went wrong, as the platform tells it; its presence counts as an error
 * @param metadata a JSON object of whatever else the platform sent
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
        @Nullable Json metadata) {

    /**
     * The order of a transcript: by time; of turns of one moment by sequence, then by role, as they
     * follow each other in an exchange, then by id.
     */
    public static final Comparator<Turn> ORDER =
            Comparator.comparing(Turn::occurredAt)
                    .thenComparingLong(Turn::sequenceOrZero)
                    .thenComparing(Turn::role)
                    .thenComparing(Turn::id);

    /**
     * What a turn is, whatever its time. The role belongs to it: some platforms give a question and
     * its answer the same id.
     */
    public record Identity(String id, Role role) {}

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

    public Identity identity() {
        return new Identity(id, role);
    }

    private long sequenceOrZero() {
        return sequence == null ? 0 : sequence;
    }

    /** This turn in the place of another one. */
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
                metadata);
    }

    /** How much there is to it, in UTF-16 units: all its text but the ids. */
    public int textLength() {
        return content.text().length()
                + (model == null ? 0 : model.length())
                + (error == null ? 0 : error.text().length())
                + (metadata == null ? 0 : metadata.text().length());
    }

    /** Ids and sizes only: the content is what a person said and belongs in no log. */
    @Override
    public String toString() {
        return "Turn[id=%s, occurredAt=%s, revision=%d, role=%s, content=%s]"
                .formatted(id, occurredAt, revision, role, content);
    }
}
