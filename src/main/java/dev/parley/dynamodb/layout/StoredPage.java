package dev.parley.dynamodb.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A page as it is stored, and its key.
 *
 * @param sealedAtVersion the version of the head with which the item of the page last changed
 */
public record StoredPage(PageKey key, TurnPage page, long sealedAtVersion) {

    /** Returns those of the pages that the item contains. */
    public static List<StoredPage> in(Map<String, AttributeValue> item, List<PageKey> keys) {
        List<StoredPage> pages = new ArrayList<>();
        for (PageKey key : keys) {
            PageItem.page(item, key)
                    .map(page -> new StoredPage(key, page, sealedAtVersion(item)))
                    .ifPresent(pages::add);
        }
        return pages;
    }

    private static long sealedAtVersion(Map<String, AttributeValue> item) {
        return Attributes.number(item, SessionTable.SEALED_AT_VERSION);
    }

    /**
     * Returns this page with the turns before the given position only. A page ends where the next
     * one begins, and the last page ends where the tail begins. The item may contain further turns,
     * which a writer put there and then crashed, or was too late. They are in the tail or in a
     * later page, or they have not been stored yet.
     *
     * @param end null if the end is not known
     */
    public StoredPage endingBefore(@Nullable TurnPosition end) {
        return new StoredPage(key, page.endingBefore(end), sealedAtVersion);
    }
}
