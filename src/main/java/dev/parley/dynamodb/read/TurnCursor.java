package dev.parley.dynamodb.read;

import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.session.InvalidCursorException;
import dev.parley.session.Role;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Where a list of turns stopped. It is a position and not a key, so that it holds while turns land,
 * pages are sealed and pages are split.
 *
 * @param version of the head that it was given out from: a list never goes on from an older one
 * @param page where to look first: what is wanted behind the position is in no page before that one
 *     in the order of the list, whatever is sealed, split or moved since. The tail counts as the
 *     page that it will be
 * @param position of the last turn that was given out
 */
public record TurnCursor(long version, int page, TurnPosition position) {

    String text() {
        return String.join(
                " ",
                Long.toString(version),
                Integer.toString(page),
                position.at().toString(),
                Long.toString(position.sequence()),
                position.role().wireName(),
                position.turnId());
    }

    /**
     * The cursor of that text.
     *
     * @throws InvalidCursorException if the text is none of {@link #text}
     */
    public static TurnCursor of(String text) {
        String[] parts = text.split(" ", 6); // the id is the last: it may have spaces
        if (parts.length < 6) {
            throw new InvalidCursorException();
        }
        try {
            TurnPosition position =
                    new TurnPosition(
                            Instant.parse(parts[2]),
                            Long.parseLong(parts[3]),
                            Role.of(parts[4]).orElseThrow(InvalidCursorException::new),
                            parts[5]);
            return new TurnCursor(Long.parseLong(parts[0]), Integer.parseInt(parts[1]), position);
        } catch (NumberFormatException | DateTimeException e) {
            throw new InvalidCursorException();
        }
    }
}
