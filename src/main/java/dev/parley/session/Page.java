package dev.parley.session;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list.
 *
 * @param next where the list goes on, for the query of the next part; empty at its end. Opaque
 */
public record Page<T>(List<T> items, Optional<String> next) {

    public Page {
        items = List.copyOf(items);
    }
}
