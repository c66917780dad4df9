package dev.parley.api.stream;

import dev.parley.session.Json;
import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A body that is made as its client takes it.
 *
 * @param trailer where a whole body says at its end how many items it had; empty for one that has
 *     no end of its own
 * @param broken is told if the body broke off after it began
 */
public record StreamedBody(Multi<Chunk> chunks, Optional<String> trailer, Consumer<Break> broken) {

    public static final String LINES = "application/x-ndjson";
    static final String TURNS = "Parley-Turns";

    /** What is written at once. */
    record Chunk(String text, int items) {}

    /**
     * How a body ended that is not whole.
     *
     * @param items that were given until then
     */
    public record Break(By by, long items) {}

    /** Whose fault it is that a body broke off. */
    public enum By {
        SERVICE,
        CLIENT
    }

    /** The same body, of which that is told, too. */
    public StreamedBody telling(Consumer<Break> more) {
        return new StreamedBody(chunks, trailer, broken.andThen(more));
    }

    /** Turns as JSON lines. */
    public static StreamedBody ofTurns(Multi<List<Json>> turns) {
        return new StreamedBody(
                turns.map(StreamedBody::lines), Optional.of(TURNS), StreamedBody::nobody);
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
                StreamedBody::nobody);
    }

    private static void nobody(Break ignored) {}
}
