package dev.parley.dynamodb.follow;

import dev.parley.dynamodb.layout.CursorText;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.session.InvalidCursorException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The point that a follower of a session has reached.
 *
 * @param version the version of the head from which everything has been delivered
 * @param page turns in pages with lower numbers have been delivered, unless these pages changed
 *     with a later version. It is the number of the lowest page that the tail will be a part of, so
 *     a tail that has been sealed since is read again
 * @param erasedUpTo the time of the newest deletion that has been delivered; null if there was none
 */
public record FollowCursor(long version, int page, @Nullable Instant erasedUpTo) {

    private static final String NONE = "-";

    /** Creates the cursor for a head from which everything has been delivered. */
    public static FollowCursor of(SessionHead head) {
        return new FollowCursor(head.version(), head.pages().pageOfTail(), head.deletedAt());
    }

    FollowCursor withPage(int otherPage) {
        return new FollowCursor(version, otherPage, erasedUpTo);
    }

    FollowCursor withErasedUpTo(Instant moment) {
        return new FollowCursor(version, page, moment);
    }

    String text() {
        return CursorText.of(
                version + " " + page + " " + (erasedUpTo == null ? NONE : erasedUpTo.toString()));
    }

    /**
     * Parses a cursor of any format.
     *
     * @throws InvalidCursorException if the text does not have the format of {@link #text}
     */
    public static FollowCursor of(String text) {
        CursorText cursor = CursorText.read(text);
        String[] parts = cursor.fields().split(" ", -1);
        if (parts.length != 3) {
            throw new InvalidCursorException();
        }
        try {
            return new FollowCursor(
                    Long.parseLong(parts[0]),
                    cursor.page(parts[1]),
                    parts[2].equals(NONE) ? null : Instant.parse(parts[2]));
        } catch (NumberFormatException | DateTimeException e) {
            throw new InvalidCursorException();
        }
    }
}
