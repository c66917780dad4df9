package dev.parley.dynamodb;

import dev.parley.session.InvalidCursorException;

/**
 * How far a follower of a session has come.
 *
 * @param version of the head of which everything was given
 * @param page turns in lower pages have been given, unless they changed with a later version. It is
 *     the number that the tail was to get, so a tail that was sealed since is looked at again
 */
record FollowCursor(long version, int page) {

    String text() {
        return version + " " + page;
    }

    /**
     * @throws InvalidCursorException if the text is none of {@link #text}
     */
    static FollowCursor of(String text) {
        String[] parts = text.split(" ", 2);
        try {
            return new FollowCursor(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new InvalidCursorException();
        }
    }
}
