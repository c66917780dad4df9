package dev.parley.dynamodb.follow;

import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.session.InvalidCursorException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a follower of a session has come.
 *
 * @param version of the head of which everything was given
 * @param page turns in lower pages have been given, unless they changed with a later version. It is
 *     the number that the tail was to get, so a tail that was sealed since is looked at again
 * @param erasedUpTo the newest deletion that was told; null if there was none
 */
public record FollowCursor(long version, int page, @Nullable Instant erasedUpTo) {

    private static final String NONE = "-";

    /** All of a head was given. */
    public static FollowCursor of(SessionHead head) {
        return new FollowCursor(head.version(), head.pages().next(), head.deletedAt());
    }

    FollowCursor at(int otherPage) {
        return new FollowCursor(version, otherPage, erasedUpTo);
    }

    FollowCursor erasedUpTo(Instant moment) {
        return new FollowCursor(version, page, moment);
    }

    String text() {
        return version + " " + page + " " + (erasedUpTo == null ? NONE : erasedUpTo.toString());
    }

    /**
     * The cursor of that text.
     *
     * @throws InvalidCursorException if the text is none of {@link #text}
     */
    public static FollowCursor of(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3) {
            throw new InvalidCursorException();
        }
        try {
            return new FollowCursor(
                    Long.parseLong(parts[0]),
                    Integer.parseInt(parts[1]),
                    parts[2].equals(NONE) ? null : Instant.parse(parts[2]));
        } catch (NumberFormatException | DateTimeException e) {
            throw new InvalidCursorException();
        }
    }
}
