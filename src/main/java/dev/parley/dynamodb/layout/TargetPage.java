package dev.parley.dynamodb.layout;

import dev.parley.session.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page that contains a turn, or that a new turn belongs to.
 *
 * @param path the pages that this page was split from, and then the page itself
 * @param from where the page begins; null for the first page of all, to which all older turns
 *     belong, too
 * @param until where the next page begins; null if that is not known
 */
public record TargetPage(
        List<StoredPage> path, @Nullable TurnPosition from, @Nullable TurnPosition until) {

    /**
     * Creates the target in a page that begins at or before the position.
     *
     * @param path the pages that this page was split from, and then the page itself
     * @param until where the next page begins; null if that is not known
     */
    public static TargetPage within(List<StoredPage> path, @Nullable TurnPosition until) {
        return new TargetPage(path, path.getLast().page().turns().first(), until);
    }

    /** Creates the target in the first of all pages, before its turns. */
    public static TargetPage before(StoredPage first) {
        return new TargetPage(List.of(first), null, null);
    }

    public StoredPage page() {
        return path.getLast();
    }

    /**
     * Returns whether one of the pages was written with a later version than that of the head. A
     * later head may then count the turns of that page: another writer has already written that
     * head, or crashed before it could.
     */
    public boolean isNewerThan(SessionHead head) {
        return path.stream().anyMatch(page -> page.sealedAtVersion() > head.version());
    }

    public boolean contains(Turn.Identity turn) {
        return page().page().turns().indexOf(turn).isPresent();
    }

    /**
     * Returns whether a turn with this position is certainly in this page, if it is in any page.
     */
    public boolean covers(TurnPosition position) {
        boolean startsBefore = from == null || !from.isAfter(position);
        boolean endsBefore =
                until == null
                        ? position.isAfter(page().page().turns().last())
                        : !until.isAfter(position);
        return startsBefore && !endsBefore;
    }
}
