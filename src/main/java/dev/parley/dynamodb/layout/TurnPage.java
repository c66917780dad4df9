package dev.parley.dynamodb.layout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sealed part of a session's history.
 *
 * @param turns at least one
 * @param splits how often the page was split, see {@link PageKey}
 * @param before turns that were stored before those of the item that the page begins; null for a
 *     page that does not begin an item
 * @param expiresAt when the page may be deleted; not before the last turn in it and in its splits
 *     expires
 */
public record TurnPage(
        TurnBlock turns, int splits, @Nullable Fingerprints before, Instant expiresAt) {

    public TurnPage {
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("a page must contain at least one turn");
        }
    }
}
