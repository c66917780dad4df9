package dev.parley.api;

import dev.parley.session.Json;
import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.Optional;

/**
 * A body that is made as its client takes it.
 *
 * @param trailer where a whole body says at its end how many items it had
 */
record StreamedBody(Multi<Chunk> chunks, Optional<String> trailer) {

    static final String LINES = "application/x-ndjson";
    static final String TURNS = "Parley-Turns";

    /** What is written at once. */
    record Chunk(String text, int items) {}

    /** Turns as JSON lines. */
    static StreamedBody ofTurns(Multi<List<Json>> turns) {
        return new StreamedBody(turns.map(StreamedBody::lines), Optional.of(TURNS));
    }

    private static Chunk lines(List<Json> turns) {
        StringBuilder lines = new StringBuilder();
        turns.forEach(turn -> lines.append(turn.text()).append('\n'));
        return new Chunk(lines.toString(), turns.size());
    }

    static StreamedBody ofEvents(Multi<ServerSentEvent> events) {
        return new StreamedBody(events.map(event -> new Chunk(event.text(), 1)), Optional.empty());
    }
}
