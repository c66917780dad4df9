package dev.parley.dynamodb.layout;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A change of an item that belongs to a session beside its head.
 *
 * @param attributes attributes to set, with the key of the item
 * @param leftovers attributes to remove, which a crashed writer may have left
 * @param isNew whether no head refers to the item yet
 */
public record ItemChange(
        Map<String, AttributeValue> attributes, Set<String> leftovers, boolean isNew) {

    /** Combines two changes of one item. The item expires when the last of its pages does. */
    ItemChange and(ItemChange later) {
        Map<String, AttributeValue> all = new HashMap<>(attributes);
        all.putAll(later.attributes);
        Stream.of(this, later)
                .map(change -> change.attributes.get(SessionTable.EXPIRES_AT))
                .filter(Objects::nonNull)
                .max(Comparator.comparing(at -> new BigDecimal(at.n())))
                .ifPresent(at -> all.put(SessionTable.EXPIRES_AT, at));
        return new ItemChange(all, Set.of(), false);
    }
}
