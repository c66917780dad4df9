package dev.parley.session;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One thing said (or one tool called) in a session.
 *
 * @param id unique in its session: what the turn <em>is</em>, in every copy and revision
 * @param occurredAt when it first happened, the same in every copy and revision
 * @param revision 0 for the first version; a higher one replaces it (edits, feedback, streaming)
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
        Role role,
        Json content,
        @Nullable String userId,
        @Nullable String channel,
        @Nullable String model,
        @Nullable Usage usage,
        @Nullable Long latencyMs,
        @Nullable Json error,
        @Nullable Json metadata) {

    /** The order of a transcript: by time, ids decide between equal times. */
    public static final Comparator<Turn> ORDER =
            Comparator.comparing(Turn::occurredAt).thenComparing(Turn::id);

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

    /** This turn at another time. */
    public Turn at(Instant moment) {
        return new Turn(
                id, moment, revision, role, content, userId, channel, model, usage, latencyMs,
                error, metadata);
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
