package dev.parley.session;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list. It is not a page in the sense of a stored block of turns.
 *
 * @param next an opaque cursor for the query of the next part; empty at the end of the list
 */
public record ResultPage<T>(List<T> items, Optional<String> next) {

    public ResultPage {
        items = List.copyOf(items);
    }
}
