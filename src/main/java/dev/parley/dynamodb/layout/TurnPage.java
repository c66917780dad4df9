package dev.parley.dynamodb.layout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sealed part of a session's history.
 *
 * @param turns at least one
 * @param splits how often the page was split, see {@link PageKey}
 * @param before turns that were stored before those of the page and that it lists, see {@link
 *     RecentTurns}; null if the page is not new
 * @param follows the version with which turns were last sealed into the page before; null if it is
 *     not written, because only other content of the page changes
 * @param expiresAt when the page may be deleted; not before the last turn in it and in its splits
 *     expires
 */
public record TurnPage(
        TurnBlock turns,
        int splits,
        @Nullable Fingerprints before,
        @Nullable Long follows,
        Instant expiresAt) {

    public TurnPage {
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("a page must contain at least one turn");
        }
    }

    /** Creates a stored page with other content, or a split of a page. */
    public static TurnPage changed(TurnBlock turns, int splits, Instant expiresAt) {
        return new TurnPage(turns, splits, null, null, expiresAt);
    }

    /** Returns whether no head refers to the page yet. */
    public boolean isNew() {
        return before != null;
    }

    /** Returns this page with the turns before the given position only. */
    TurnPage endingBefore(@Nullable TurnPosition end) {
        return new TurnPage(turns.endingBefore(end), splits, before, follows, expiresAt);
    }

    /** Returns this page, which is kept at least until the given time. */
    public TurnPage keptUntil(Instant time) {
        return expiresAt.isBefore(time) ? new TurnPage(turns, splits, before, follows, time) : this;
    }
}
