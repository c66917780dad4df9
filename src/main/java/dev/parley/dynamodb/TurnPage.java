package dev.parley.dynamodb;

import java.time.Instant;

/**
 * A part of a session's history that has been sealed.
 *
 * @param turns at least one
 * @param splits how often it was split, see {@link PageKey}
 * @param expiresAt when the page may go: not before the last turn in it and in its splits expires
 */
record TurnPage(TurnBlock turns, int splits, Instant expiresAt) {

    TurnPage {
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("a page holds at least one turn");
        }
    }
}
