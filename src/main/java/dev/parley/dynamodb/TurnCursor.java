package dev.parley.dynamodb;

import dev.parley.session.InvalidCursorException;
import dev.parley.session.Role;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Where a list of turns stopped. It is a position and not a key, so that it holds while turns land,
 * pages are sealed and pages are split.
 *
 * @param page the number of the page that the turn was in, or that the tail would get: where to
 *     look first. A turn never moves to a page of a lower number
 * @param position of the last turn that was given out
 */
record TurnCursor(int page, TurnPosition position) {

    String text() {
        return String.join(
                " ",
                Integer.toString(page),
                position.at().toString(),
                Long.toString(position.sequence()),
                position.role().wireName(),
                position.turnId());
    }

    /**
     * @throws InvalidCursorException if the text is none of {@link #text}
     */
    static TurnCursor of(String text) {
        String[] parts = text.split(" ", 5);
        if (parts.length != 5) {
            throw new InvalidCursorException();
        }
        try {
            TurnPosition position =
                    new TurnPosition(
                            Instant.parse(parts[1]),
                            Long.parseLong(parts[2]),
                            Role.of(parts[3]).orElseThrow(InvalidCursorException::new),
                            parts[4]);
            return new TurnCursor(Integer.parseInt(parts[0]), position);
        } catch (NumberFormatException | DateTimeException e) {
            throw new InvalidCursorException();
        }
    }
}
