package dev.parley.dynamodb.read;

import dev.parley.dynamodb.layout.CursorText;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.session.InvalidCursorException;
import dev.parley.session.Role;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * The position at which a list of turns stopped. It is a position and not a key, so that it stays
 * valid while turns are added, pages are sealed and pages are split.
 *
 * @param version the version of the head that the cursor was created from; a list never continues
 *     from an older head
 * @param page the page to start with. In the order of the list, no page before it contains a turn
 *     after the position, whatever is sealed, split or moved meanwhile. The tail counts as the
 *     lowest page that it will be a part of
 * @param position the position of the last turn that was returned
 */
public record TurnCursor(long version, int page, TurnPosition position) {

    String text() {
        return CursorText.of(
                String.join(
                        " ",
                        Long.toString(version),
                        Integer.toString(page),
                        position.at().toString(),
                        Long.toString(position.sequence()),
                        position.role().wireName(),
                        position.turnId()));
    }

    /**
     * Parses a cursor of any format.
     *
     * @throws InvalidCursorException if the text does not have the format of {@link #text}
     */
    public static TurnCursor of(String text) {
        CursorText cursor = CursorText.read(text);
        String[] parts =
                cursor.fields().split(" ", 6); // the id comes last, because it may contain spaces
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
            return new TurnCursor(Long.parseLong(parts[0]), cursor.page(parts[1]), position);
        } catch (NumberFormatException | DateTimeException e) {
            throw new InvalidCursorException();
        }
    }
}
