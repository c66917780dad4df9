package dev.parley.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/** A cursor of the store, bound to the query that it goes on with, as a client carries it. */
final class PageToken {

    private static final char SEPARATOR = '\n';

    private PageToken() {}

    /**
     * @param query what the cursor is good for
     */
    static String of(String query, String cursor) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((query + SEPARATOR + cursor).getBytes(UTF_8));
    }

    /** The cursor; a token of another query, or none at all, is a problem. */
    static String cursor(String query, String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), UTF_8);
            if (text.startsWith(query + SEPARATOR)) {
                return text.substring(query.length() + 1);
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw Problems.badRequest("pageToken is not one that this list gave out");
    }
}
