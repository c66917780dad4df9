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
 * Walks over the pages of a session and their splits. It reads pages in batches, on demand.
 *
 * <p>A page loses turns only to its own splits, which are read after it. Together they contain each
 * turn once, whenever each of them is read. Two things could hide a turn. A replica may have a form
 * of a page that is older than the head: such a page is read again, with a consistent read. And a
 * page may not exist: then {@link MissingPage} decides whether the walk may continue.
 */
public final class PageWalk {

    /** The direction of a walk. */
    public enum Direction {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    /** Decides whether a walk may skip a page that the head refers to but that does not exist. */
    @FunctionalInterface
    public interface MissingPage {

        /** Skips the page. It is for callers whose next write fails if the session has changed. */
        MissingPage SKIP = () -> Uni.createFrom().voidItem();

        /** Completes if the page has expired; fails if the session has other pages by now. */
        Uni<Void> accept();
    }

    /**
     * Options of a walk.
     *
     * @param batch number of pages to read at a time, {@link DynamoDb#BATCH} at most
     * @param consistent whether all reads are strongly consistent; otherwise pages are at least as
     *     new as the head
     * @param amendedAtVersion {@link SessionHead.PageRange#amendedAtVersion} of the head: an item
     *     that was not written with a later version may be outdated
     * @param missing decides whether pages that the head refers to may be missing
     */
    public record Options(
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
     * Walks over pages and their splits. It reads pages in batches, on demand.
     *
     * @param first number of the lowest page
     * @param next number after that of the highest page
     */
    public Multi<StoredPage> walk(Options options, int first, int next) {
        return Multi.createFrom()
                .deferred(
                        () ->
                                new Traversal(options)
                                        .pages(
                                                next - first,
                                                i ->
                                                        PageKey.of(
                                                                options.isOldestFirst()
                                                                        ? first + i
                                                                        : next - 1 - i)));
    }

    private final class Traversal {
        private final Options options;

        /**
         * Whether the next pages are read with consistent reads. Pages are sealed in order. If a
         * page was written after the last amendment, all pages after it were, too. If a page may be
         * outdated, nearly all pages before it may be.
         */
        private boolean consistent;

        Traversal(Options options) {
            this.options = options;
            consistent =
                    options.consistent()
                            || (options.amendedAtVersion() > 0 && options.isOldestFirst());
        }

        Multi<StoredPage> pages(int pages, IntFunction<PageKey> keys) {
            return Multi.createFrom()
                    .range(0, Math.ceilDiv(pages, options.batch()))
                    .onItem()
                    .transformToMultiAndConcatenate(
                            number -> {
                                int from = number * options.batch();
                                int to = Math.min(pages, from + options.batch());
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
            Multi<StoredPage> splitPages =
                    pages(
                            splits,
                            i -> page.key().split(options.isOldestFirst() ? splits - i : i + 1));
            Multi<StoredPage> itself = Multi.createFrom().item(page);
            return options.isOldestFirst()
                    ? Multi.createBy().concatenating().streams(itself, splitPages)
                    : Multi.createBy().concatenating().streams(splitPages, itself);
        }

        /** Returns the pages that exist, in the order of the keys. */
        private Multi<StoredPage> getAll(List<PageKey> keys) {
            return items(keys)
                    .call(items -> allExist(keys, items) ? done() : options.missing().accept())
                    .map(items -> keys.stream().flatMap(key -> page(key, items)).toList())
                    .invoke(this::updateConsistency)
                    .onItem()
                    .transformToMulti(pages -> Multi.createFrom().iterable(pages));
        }

        private void updateConsistency(List<StoredPage> pages) {
            if (!options.consistent() && !pages.isEmpty()) {
                consistent = pages.getLast().sealedAtVersion() <= options.amendedAtVersion();
            }
        }

        private Uni<Map<String, Map<String, AttributeValue>>> items(List<PageKey> keys) {
            Set<String> names = names(keys);
            return consistent
                    ? dynamoDb.get(names, true)
                    : dynamoDb.get(names, false).chain(items -> withCurrent(keys, items));
        }

        /**
         * Reads items again, with a consistent read, that a replica may not have yet or may have in
         * an outdated form.
         */
        private Uni<Map<String, Map<String, AttributeValue>>> withCurrent(
                List<PageKey> keys, Map<String, Map<String, AttributeValue>> items) {
            Set<String> outdated =
                    names(keys.stream().filter(key -> mayBeOutdated(key, items)).toList());
            items.keySet().removeAll(outdated);
            return outdated.isEmpty()
                    ? Uni.createFrom().item(items)
                    : dynamoDb.get(outdated, true).invoke(items::putAll).replaceWith(items);
        }

        private boolean mayBeOutdated(PageKey key, Map<String, Map<String, AttributeValue>> items) {
            return page(key, items)
                    .allMatch(page -> page.sealedAtVersion() <= options.amendedAtVersion());
        }

        private boolean allExist(
                List<PageKey> keys, Map<String, Map<String, AttributeValue>> items) {
            return keys.stream().allMatch(key -> exists(key, items) || isSkipped(key, items));
        }

        /**
         * Returns whether the number is left out because the page before it has a separate item.
         * Then no page was erased.
         */
        private boolean isSkipped(PageKey key, Map<String, Map<String, AttributeValue>> items) {
            return key.isSecondOfItem() && exists(PageKey.of(key.number() - 1), items);
        }

        private boolean exists(PageKey key, Map<String, Map<String, AttributeValue>> items) {
            return PageItem.page(items.get(key.itemKey(options.sessionId())), key).isPresent();
        }

        private Stream<StoredPage> page(
                PageKey key, Map<String, Map<String, AttributeValue>> items) {
            return StoredPage.in(
                    items.getOrDefault(key.itemKey(options.sessionId()), Map.of()), List.of(key))
                    .stream();
        }

        private Set<String> names(List<PageKey> keys) {
            return keys.stream()
                    .map(key -> key.itemKey(options.sessionId()))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    private static Uni<Void> done() {
        return Uni.createFrom().voidItem();
    }
}
