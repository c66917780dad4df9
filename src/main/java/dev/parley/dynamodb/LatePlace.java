package dev.parley.dynamodb;

import dev.parley.session.Turn;
import java.util.List;

/**
 * The page where a turn stands, or belongs if it is new.
 *
 * @param path the page, after those that it was split from
 * @param from from that position to the page's last turn, whatever is in a page is in this one
 */
record LatePlace(List<PageStore.Located> path, TurnPosition from) {

    /** Where a turn of that position belongs by its time. */
    static LatePlace byTime(List<PageStore.Located> path, TurnPosition position) {
        return new LatePlace(path, position);
    }

    /** Where a turn was found by its id. */
    static LatePlace byId(List<PageStore.Located> path) {
        return new LatePlace(path, path.getLast().page().turns().first());
    }

    PageStore.Located page() {
        return path.getLast();
    }

    boolean holds(Turn.Identity turn) {
        return page().page().turns().indexOf(turn).isPresent();
    }

    boolean covers(TurnPosition position) {
        return !from.isAfter(position) && !position.isAfter(page().page().turns().last());
    }
}
