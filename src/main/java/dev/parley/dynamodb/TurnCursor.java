package dev.parley.dynamodb;

import dev.parley.session.InvalidCursorException;
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
        return page + " " + position.at() + " " + position.turnId();
    }

    /**
     * @throws InvalidCursorException if the text is none of {@link #text}
     */
    static TurnCursor of(String text) {
        int first = text.indexOf(' ');
        int second = text.indexOf(' ', first + 1);
        if (first < 0 || second < 0) {
            throw new InvalidCursorException();
        }
        try {
            int page = Integer.parseInt(text.substring(0, first));
            Instant at = Instant.parse(text.substring(first + 1, second));
            return new TurnCursor(page, new TurnPosition(at, text.substring(second + 1)));
        } catch (NumberFormatException | DateTimeException e) {
            throw new InvalidCursorException();
        }
    }
}
