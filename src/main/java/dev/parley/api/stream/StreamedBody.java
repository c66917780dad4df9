package dev.parley.api.stream;

import dev.parley.session.Json;
import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A response body that is produced as its client reads it.
 *
 * @param trailer the trailer that states at the end of a complete body how many items it had; empty
 *     for a body that does not end by itself
 * @param broken is called if the body breaks off after it began
 */
public record StreamedBody(Multi<Chunk> chunks, Optional<String> trailer, Consumer<Break> broken) {

    public static final String LINES = "application/x-ndjson";
    static final String TURNS = "Parley-Turns";

    /** A part of the body that is written at once, and the number of its items. */
    record Chunk(String text, int items) {}

    /**
     * How a body ended that is not complete.
     *
     * @param items how many items were written before it ended
     */
    public record Break(By by, long items) {}

    /** Which side caused a body to break off. */
    public enum By {
        SERVICE,
        CLIENT
    }

    /** Returns the same body, which also calls the given consumer if it breaks off. */
    public StreamedBody withBreakListener(Consumer<Break> more) {
        return new StreamedBody(chunks, trailer, broken.andThen(more));
    }

    /** Returns a body that has one turn, as JSON, on each line. */
    public static StreamedBody ofTurns(Multi<List<Json>> turns) {
        return new StreamedBody(
                turns.map(StreamedBody::lines), Optional.of(TURNS), StreamedBody::ignore);
    }

    private static Chunk lines(List<Json> turns) {
        StringBuilder lines = new StringBuilder();
        turns.forEach(turn -> lines.append(JsonLines.onOneLine(turn.text())).append('\n'));
        return new Chunk(lines.toString(), turns.size());
    }

    public static StreamedBody ofEvents(Multi<ServerSentEvent> events) {
        return new StreamedBody(
                events.map(event -> new Chunk(event.text(), event.isComment() ? 0 : 1)),
                Optional.empty(),
                StreamedBody::ignore);
    }

    private static void ignore(Break ignored) {}
}
