package dev.parley.dynamodb.layout;

import dev.parley.session.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page where a turn stands, or belongs if it is new.
 *
 * @param path the page, after those that it was split from
 * @param from where the page begins; null if it is the first one: what is older belongs there, too
 * @param until where the next page begins; null where that is not known
 */
public record LatePlace(
        List<StoredPage> path, @Nullable TurnPosition from, @Nullable TurnPosition until) {

    /** In a page that begins at or before the position. */
    public static LatePlace within(List<StoredPage> path, @Nullable TurnPosition until) {
        return new LatePlace(path, path.getLast().page().turns().first(), until);
    }

    /** In the first of all pages, before its turns. */
    public static LatePlace before(StoredPage first) {
        return new LatePlace(List.of(first), null, null);
    }

    public StoredPage page() {
        return path.getLast();
    }

    /**
     * Whether a page changed since that head was stored: its turns may be counted in a later head.
     * Either someone has written that, or they died before they could.
     */
    public boolean isNewerThan(SessionHead head) {
        return path.stream().anyMatch(page -> page.sealedAtVersion() > head.version());
    }

    public boolean holds(Turn.Identity turn) {
        return page().page().turns().indexOf(turn).isPresent();
    }

    /** Whether a turn of that position certainly stands in this page, if it is in any. */
    public boolean covers(TurnPosition position) {
        boolean begun = from == null || !from.isAfter(position);
        boolean over =
                until == null
                        ? position.isAfter(page().page().turns().last())
                        : !until.isAfter(position);
        return begun && !over;
    }
}
