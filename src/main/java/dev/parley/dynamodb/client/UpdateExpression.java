package dev.parley.dynamodb.client;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.SessionTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An update of an item and its condition. Attributes that the update does not name stay as they
 * are. Every attribute name has an alias, because many common words are reserved in expressions.
 *
 * @param key the key of the item
 * @param update the update expression
 * @param condition the condition expression; null for none
 * @param names names of attributes, by alias
 * @param values values of attributes, by alias
 */
public record UpdateExpression(
        Map<String, AttributeValue> key,
        String update,
        @Nullable String condition,
        Map<String, String> names,
        Map<String, AttributeValue> values) {

    /**
     * Creates the update from one head to the next, on the condition that the first one is still
     * stored.
     *
     * @param before attributes of the stored head; empty if there must be no head yet
     * @param after attributes of the next head, with {@link SessionTable#SESSION_ID} and {@link
     *     SessionTable#VERSION}
     */
    public static UpdateExpression between(
            Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        Aliases aliases = new Aliases();
        String update =
                aliases.update(
                        changed(before, after),
                        before.keySet().stream().filter(name -> !after.containsKey(name)).toList());
        AttributeValue version = before.get(SessionTable.VERSION);
        String condition =
                version == null
                        ? "attribute_not_exists(" + aliases.of(SessionTable.VERSION) + ")"
                        : aliases.of(SessionTable.VERSION) + " = " + aliases.of(version);
        return of(after, update, condition, aliases);
    }

    /**
     * Creates the update that writes new pages, on the condition that the item does not exist, or
     * was not written with a later version than the given one, or has expired.
     */
    static UpdateExpression sealing(PageItem.Change pages, long version, Instant now) {
        Aliases aliases = new Aliases();
        Map<String, AttributeValue> attributes = pages.attributes();
        String update = aliases.update(changed(Map.of(), attributes), pages.leftovers());
        String condition =
                "attribute_not_exists(%s) OR %s <= %s OR %s <= %s"
                        .formatted(
                                aliases.of(SessionTable.SESSION_ID),
                                aliases.of(SessionTable.SEALED_AT_VERSION),
                                aliases.of(Attributes.number(version)),
                                aliases.of(SessionTable.EXPIRES_AT),
                                aliases.of(Attributes.time(now)));
        return of(attributes, update, condition, aliases);
    }

    /**
     * Creates the update of an existing page, on the condition that its item still exists and was
     * not written with a later version than the given one.
     *
     * @param attributes attributes to set, with {@link SessionTable#SESSION_ID}
     * @param version the version of the stored head
     */
    public static UpdateExpression moving(Map<String, AttributeValue> attributes, long version) {
        Aliases aliases = new Aliases();
        String update = aliases.update(changed(Map.of(), attributes), List.of());
        String condition =
                aliases.of(SessionTable.SEALED_AT_VERSION)
                        + " <= "
                        + aliases.of(Attributes.number(version));
        return of(attributes, update, condition, aliases);
    }

    /** Creates the update that sets the attributes without a condition. */
    static UpdateExpression unconditional(Map<String, AttributeValue> attributes) {
        Aliases aliases = new Aliases();
        return of(
                attributes,
                aliases.update(changed(Map.of(), attributes), List.of()),
                null,
                aliases);
    }

    private static Map<String, AttributeValue> changed(
            Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        Map<String, AttributeValue> changed = new HashMap<>(after);
        changed.remove(SessionTable.SESSION_ID);
        changed.entrySet().removeIf(e -> e.getValue().equals(before.get(e.getKey())));
        return changed;
    }

    private static UpdateExpression of(
            Map<String, AttributeValue> item,
            String update,
            @Nullable String condition,
            Aliases aliases) {
        return new UpdateExpression(
                Map.of(SessionTable.SESSION_ID, item.get(SessionTable.SESSION_ID)),
                update,
                condition,
                aliases.names,
                aliases.values);
    }

    private static final class Aliases {
        private final Map<String, String> names = new HashMap<>();
        private final Map<String, AttributeValue> values = new HashMap<>();

        String update(Map<String, AttributeValue> set, Collection<String> remove) {
            List<String> sets = new ArrayList<>();
            set.forEach((name, value) -> sets.add(of(name) + " = " + of(value)));
            String update = "SET " + String.join(", ", sets);
            return remove.isEmpty()
                    ? update
                    : update
                            + " REMOVE "
                            + remove.stream().map(this::of).collect(Collectors.joining(", "));
        }

        String of(String name) {
            String alias = "#" + name;
            names.put(alias, name);
            return alias;
        }

        String of(AttributeValue value) {
            String alias = ":" + values.size();
            values.put(alias, value);
            return alias;
        }
    }
}
