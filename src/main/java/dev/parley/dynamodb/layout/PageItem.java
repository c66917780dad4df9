package dev.parley.dynamodb.layout;

import static dev.parley.dynamodb.layout.Attributes.number;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts pages to items and back. Each page is an item of its own. An item of the first versions
 * of Parley may have a second page, which is still read and changed.
 */
public final class PageItem {

    /** The attributes that contain turns, or are made from turns. */
    public static final Set<String> CONTENT =
            Set.of(SessionTable.TURNS, SessionTable.MORE_TURNS, SessionTable.TURNS_BEFORE);

    /** The attributes of a second page. */
    private static final Set<String> SECOND =
            Set.of(SessionTable.MORE_TURNS, SessionTable.MORE_SPLITS);

    private PageItem() {}

    /** The attributes of an item in which a page is stored. */
    private record Slot(String turns, String splits) {

        static Slot of(PageKey key) {
            return key.isSecondOfItem()
                    ? new Slot(SessionTable.MORE_TURNS, SessionTable.MORE_SPLITS)
                    : new Slot(SessionTable.TURNS, SessionTable.SPLITS);
        }
    }

    /**
     * Returns the page with that key; empty if there is no item, or if the item does not contain
     * the page.
     */
    public static Optional<TurnPage> page(@Nullable Map<String, AttributeValue> item, PageKey key) {
        Slot slot = Slot.of(key);
        Instant expiresAt = item == null ? null : Attributes.time(item, SessionTable.EXPIRES_AT);
        return item == null || expiresAt == null || !item.containsKey(slot.turns())
                ? Optional.empty()
                : Optional.of(
                        new TurnPage(
                                TurnBlock.stored(item.get(slot.turns())),
                                splits(item, key),
                                null,
                                follows(item),
                                expiresAt));
    }

    private static @Nullable Long follows(Map<String, AttributeValue> item) {
        return item.containsKey(SessionTable.FOLLOWS) ? number(item, SessionTable.FOLLOWS) : null;
    }

    /** Returns whether the item contains turns, or anything that is made from turns. */
    public static boolean hasContent(Map<String, AttributeValue> item) {
        return !Collections.disjoint(item.keySet(), CONTENT);
    }

    /** Returns how often the page with that key was split, even if it is empty by now. */
    public static int splits(Map<String, AttributeValue> item, PageKey key) {
        return (int) number(item, Slot.of(key).splits());
    }

    /** Returns the attributes of the item that a page needs, with the key of the item. */
    private static Map<String, AttributeValue> attributes(
            String sessionId, PageKey key, TurnPage page, long sealedAtVersion) {
        Slot slot = Slot.of(key);
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put(SessionTable.SESSION_ID, Attributes.text(key.itemKey(sessionId)));
        attributes.put(slot.turns(), page.turns().toAttribute());
        if (page.splits() > 0) {
            attributes.put(slot.splits(), number(page.splits()));
        }
        Fingerprints before = page.before();
        if (before != null && !before.isEmpty()) {
            attributes.put(SessionTable.TURNS_BEFORE, before.toAttribute());
        }
        if (page.follows() != null) {
            attributes.put(SessionTable.FOLLOWS, number(page.follows()));
        }
        attributes.put(SessionTable.SEALED_AT_VERSION, number(sealedAtVersion));
        attributes.put(SessionTable.EXPIRES_AT, Attributes.expiry(page.expiresAt()));
        return attributes;
    }

    private static ItemChange change(String sessionId, PageKey key, TurnPage page, long version) {
        Map<String, AttributeValue> attributes = attributes(sessionId, key, page, version);
        Set<String> leftovers = new TreeSet<>();
        if (page.follows() != null) {
            leftovers.addAll(SECOND);
        }
        if (page.isNew()) {
            leftovers.addAll(Set.of(SessionTable.TURNS_BEFORE, SessionTable.SPLITS));
        }
        leftovers.removeAll(attributes.keySet());
        return new ItemChange(attributes, leftovers, page.isNew());
    }

    /**
     * Returns the changes for pages, one for each item.
     *
     * @param version the version of the head that is written with the pages
     */
    public static List<ItemChange> changes(
            String sessionId, Map<PageKey, TurnPage> pages, long version) {
        Map<String, ItemChange> changes = new LinkedHashMap<>();
        pages.forEach(
                (key, page) ->
                        changes.merge(
                                key.itemKey(sessionId),
                                change(sessionId, key, page, version),
                                ItemChange::and));
        return List.copyOf(changes.values());
    }
}
