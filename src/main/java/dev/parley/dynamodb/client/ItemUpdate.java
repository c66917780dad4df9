package dev.parley.dynamodb.client;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.ItemChange;
import dev.parley.dynamodb.layout.ItemSize;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TextPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An update of one item and its condition. Attributes that the update does not name stay as they
 * are. It is sent as an {@link UpdateExpression} of its own, or as a {@link Statement} of a batch.
 *
 * @param key the key of the item
 * @param set attributes to set
 * @param remove names of attributes to remove
 * @param anyOf the condition: at least one of these has to be true; empty if there is no condition
 * @param usual what is true of the item in the usual case: all of these. It implies the condition.
 *     A statement of a batch is made with it, because a statement has no condition for an item that
 *     may or may not exist.
 * @param before the whole item in the usual case, empty if there is usually none; null if the
 *     caller does not know it
 */
public record ItemUpdate(
        String key,
        Map<String, AttributeValue> set,
        Collection<String> remove,
        List<Test> anyOf,
        List<Test> usual,
        @Nullable Map<String, AttributeValue> before) {

    /** A test of one attribute of the stored item. */
    sealed interface Test {

        String attribute();

        /** The attribute does not exist; with the key as the attribute, the item does not exist. */
        record Absent(String attribute) implements Test {}

        record Equal(String attribute, AttributeValue value) implements Test {}

        record AtMost(String attribute, AttributeValue value) implements Test {}
    }

    /** The attributes that an item without turns lacks. */
    private static final Set<String> CONTENT =
            Stream.of(PageItem.CONTENT, TextPart.CONTENT)
                    .flatMap(Set::stream)
                    .collect(Collectors.toUnmodifiableSet());

    private static final Test NO_ITEM = new Test.Absent(SessionTable.SESSION_ID);

    /**
     * Creates the update from one head to the next, on the condition that the first one is still
     * stored.
     *
     * @param before attributes of the stored head; empty if there must be no head yet
     * @param after attributes of the next head, with {@link SessionTable#SESSION_ID} and {@link
     *     SessionTable#VERSION}
     */
    public static ItemUpdate between(
            Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        AttributeValue version = before.get(SessionTable.VERSION);
        Test same =
                version == null
                        ? new Test.Absent(SessionTable.VERSION)
                        : new Test.Equal(SessionTable.VERSION, version);
        return of(
                after,
                changed(before, after),
                before.keySet().stream().filter(name -> !after.containsKey(name)).toList(),
                List.of(same),
                List.of(version == null ? NO_ITEM : same),
                before);
    }

    /**
     * Creates the update that seals turns. For a new page the condition is that the item does not
     * exist, or was not written with a later version than the given one, or has expired. Usually it
     * does not exist.
     */
    static ItemUpdate sealing(ItemChange page, long version, Instant now) {
        if (!page.isNew()) {
            return changing(page, version);
        }
        List<Test> condition = new ArrayList<>(notLater(version));
        condition.add(NO_ITEM);
        condition.add(new Test.AtMost(SessionTable.EXPIRES_AT, Attributes.time(now)));
        return of(
                page.attributes(),
                changed(Map.of(), page.attributes()),
                page.leftovers(),
                condition,
                List.of(NO_ITEM),
                Map.of());
    }

    /**
     * Creates the update of an existing page, on the condition that its item still exists and was
     * not written with a later version than the given one.
     *
     * @param version the version of the stored head
     */
    public static ItemUpdate changing(ItemChange page, long version) {
        List<Test> notLater = notLater(version);
        return of(
                page.attributes(),
                changed(Map.of(), page.attributes()),
                page.leftovers(),
                notLater,
                notLater,
                null);
    }

    /**
     * Creates the update that removes all turns from an item of pages, or the text from a part, on
     * the condition that the item exists and was not written with a later version than the given
     * one.
     */
    static ItemUpdate emptying(String key, long version) {
        List<Test> notLater = notLater(version);
        return new ItemUpdate(
                key,
                Map.of(SessionTable.SEALED_AT_VERSION, Attributes.number(version)),
                CONTENT,
                notLater,
                notLater,
                null);
    }

    /** Creates the update that removes all values from a profile that still has this version. */
    static ItemUpdate emptyingProfile(String key, long version) {
        AttributeValue number = Attributes.number(version);
        List<Test> same = List.of(new Test.Equal(SessionTable.VERSION, number));
        return new ItemUpdate(
                key, Map.of(SessionTable.VERSION, number), ProfileItem.CONTENT, same, same, null);
    }

    private static List<Test> notLater(long version) {
        return List.of(new Test.AtMost(SessionTable.SEALED_AT_VERSION, Attributes.number(version)));
    }

    /** Creates the update that makes the change without a condition. */
    static ItemUpdate unconditional(ItemChange change) {
        return of(
                change.attributes(),
                changed(Map.of(), change.attributes()),
                change.leftovers(),
                List.of(),
                List.of(),
                null);
    }

    private static Map<String, AttributeValue> changed(
            Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        Map<String, AttributeValue> changed = new HashMap<>(after);
        changed.remove(SessionTable.SESSION_ID);
        changed.entrySet().removeIf(e -> e.getValue().equals(before.get(e.getKey())));
        return changed;
    }

    private static ItemUpdate of(
            Map<String, AttributeValue> item,
            Map<String, AttributeValue> set,
            Collection<String> remove,
            List<Test> anyOf,
            List<Test> usual,
            @Nullable Map<String, AttributeValue> before) {
        return new ItemUpdate(
                Attributes.text(item, SessionTable.SESSION_ID).orElseThrow(),
                set,
                remove,
                anyOf,
                usual,
                before);
    }

    /** Returns the item after the update. */
    Map<String, AttributeValue> applyTo(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> after = new HashMap<>(item);
        after.put(SessionTable.SESSION_ID, Attributes.text(key));
        after.putAll(set);
        after.keySet().removeAll(Set.copyOf(remove));
        return after;
    }

    /** Returns whether the usual case is that there is no item with the key yet. */
    boolean usuallyCreates() {
        return usual.contains(NO_ITEM);
    }

    /** Returns whether the condition and the usual case are the same. */
    boolean isUsualTheCondition() {
        return usual.equals(anyOf);
    }

    /** Returns about how many bytes the update takes in a request. */
    int bytes() {
        return ItemSize.of(set) + key.length();
    }
}
