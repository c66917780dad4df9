package dev.parley.dynamodb.pages;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.StoredPage;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Walks over the pages of a session and their splits, some at a time as they are asked for.
 *
 * <p>A page never loses a turn but to its own splits, which are read after it: whenever each of
 * them is read, together they give each turn once. Two things could hide a turn. A replica may have
 * a page as it was before the head in hand: such a page is read again, consistently. And a page may
 * be gone: then the one who walks says whether that may be.
 */
public final class PageWalk {

    /** Which way to walk. */
    public enum Direction {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    /** Says whether a page may be left out that the head refers to and that is not there. */
    @FunctionalInterface
    public interface MissingPage {

        /** For those whose next write is refused if the session has changed. */
        MissingPage LEFT_OUT = () -> Uni.createFrom().voidItem();

        /** Completes if it has expired; fails if the session has other pages by now. */
        Uni<Void> accept();
    }

    /**
     * How to walk over pages.
     *
     * @param batch pages to read at a time, {@link DynamoDb#BATCH} at most
     * @param consistent whether pages must be as they are now; otherwise as new as the head is
     * @param amendedAtVersion {@link SessionHead.PageRange#amendedAtVersion} of the head: an item
     *     that has not changed since may be behind it
     */
    public record Walk(
            String sessionId,
            Direction direction,
            int batch,
            boolean consistent,
            long amendedAtVersion,
            MissingPage missing) {

        private boolean isOldestFirst() {
            return direction == Direction.OLDEST_FIRST;
        }
    }

    private final DynamoDb dynamoDb;

    public PageWalk(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    /**
     * Walks over pages and their splits, some at a time as they are asked for.
     *
     * @param first number of the lowest page
     * @param next number behind that of the highest page
     */
    public Multi<StoredPage> walk(Walk how, int first, int next) {
        return Multi.createFrom()
                .deferred(
                        () ->
                                new Walking(how)
                                        .pages(
                                                next - first,
                                                i ->
                                                        PageKey.of(
                                                                how.isOldestFirst()
                                                                        ? first + i
                                                                        : next - 1 - i)));
    }

    private final class Walking {
        private final Walk how;

        /**
         * Whether the next pages are read consistently. Pages are sealed in order, so behind one
         * whose item changed after the last amendment there is none that is older; before one that
         * may be behind, nearly all may be.
         */
        private boolean consistent;

        Walking(Walk how) {
            this.how = how;
            consistent = how.consistent() || (how.amendedAtVersion() > 0 && how.isOldestFirst());
        }

        Multi<StoredPage> pages(int pages, IntFunction<PageKey> keys) {
            return Multi.createFrom()
                    .range(0, Math.ceilDiv(pages, how.batch()))
                    .onItem()
                    .transformToMultiAndConcatenate(
                            number -> {
                                int from = number * how.batch();
                                int to = Math.min(pages, from + how.batch());
                                return getAll(IntStream.range(from, to).mapToObj(keys).toList())
                                        .onItem()
                                        .transformToMultiAndConcatenate(this::withSplits);
                            });
        }

        private Multi<StoredPage> withSplits(StoredPage page) {
            int splits = page.page().splits();
            if (splits == 0) {
                return Multi.createFrom().item(page);
            }
            Multi<StoredPage> behind =
                    pages(splits, i -> page.key().split(how.isOldestFirst() ? splits - i : i + 1));
            Multi<StoredPage> itself = Multi.createFrom().item(page);
            return how.isOldestFirst()
                    ? Multi.createBy().concatenating().streams(itself, behind)
                    : Multi.createBy().concatenating().streams(behind, itself);
        }

        /** Those of the pages that are there, in the order of the keys. */
        private Multi<StoredPage> getAll(List<PageKey> keys) {
            return items(keys)
                    .call(items -> areAllThere(keys, items) ? none() : how.missing().accept())
                    .map(items -> keys.stream().flatMap(key -> page(key, items)).toList())
                    .invoke(this::note)
                    .onItem()
                    .transformToMulti(pages -> Multi.createFrom().iterable(pages));
        }

        private void note(List<StoredPage> pages) {
            if (!how.consistent() && !pages.isEmpty()) {
                consistent = pages.getLast().sealedAtVersion() <= how.amendedAtVersion();
            }
        }

        private Uni<Map<String, Map<String, AttributeValue>>> items(List<PageKey> keys) {
            Set<String> names = names(keys);
            return consistent
                    ? dynamoDb.get(names, true)
                    : dynamoDb.get(names, false).chain(items -> withCurrent(keys, items));
        }

        /** Reads those again that a replica may not have yet, or not as they are. */
        private Uni<Map<String, Map<String, AttributeValue>>> withCurrent(
                List<PageKey> keys, Map<String, Map<String, AttributeValue>> items) {
            Set<String> behind =
                    names(keys.stream().filter(key -> mayBeBehind(key, items)).toList());
            items.keySet().removeAll(behind);
            return behind.isEmpty()
                    ? Uni.createFrom().item(items)
                    : dynamoDb.get(behind, true).invoke(items::putAll).replaceWith(items);
        }

        private boolean mayBeBehind(PageKey key, Map<String, Map<String, AttributeValue>> items) {
            return page(key, items)
                    .allMatch(page -> page.sealedAtVersion() <= how.amendedAtVersion());
        }

        private boolean areAllThere(
                List<PageKey> keys, Map<String, Map<String, AttributeValue>> items) {
            return keys.stream().allMatch(key -> isThere(key, items) || isLeftOut(key, items));
        }

        /** The number behind that of a page whose item was for itself: nothing was erased of it. */
        private boolean isLeftOut(PageKey key, Map<String, Map<String, AttributeValue>> items) {
            return key.isSecondOfItem() && isThere(PageKey.of(key.number() - 1), items);
        }

        private boolean isThere(PageKey key, Map<String, Map<String, AttributeValue>> items) {
            return PageItem.page(items.get(key.itemIn(how.sessionId())), key).isPresent();
        }

        private Stream<StoredPage> page(
                PageKey key, Map<String, Map<String, AttributeValue>> items) {
            return StoredPage.in(
                    items.getOrDefault(key.itemIn(how.sessionId()), Map.of()), List.of(key))
                    .stream();
        }

        private Set<String> names(List<PageKey> keys) {
            return keys.stream()
                    .map(key -> key.itemIn(how.sessionId()))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    private static Uni<Void> none() {
        return Uni.createFrom().voidItem();
    }
}
