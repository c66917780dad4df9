package dev.parley.dynamodb.pages;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.StoredPage;
import dev.parley.dynamodb.layout.TurnPosition;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Walks over the pages of a session and their splits. It reads pages in batches, on demand.
 *
 * <p>Three things could hide a turn, or show one twice:
 *
 * <ul>
 *   <li>A replica may have an old form of a page. Each page states which form of the page before it
 *       is the oldest that counts, and the head states it for the newest page. The head also states
 *       when a page was last changed out of order. A page that may be outdated is read again, with
 *       a consistent read.
 *   <li>A page may contain turns that do not belong to it, see {@link StoredPage#endingBefore}.
 *       They are left out.
 *   <li>A page may not exist. Then {@link MissingPage} decides whether the walk may continue.
 * </ul>
 *
 * <p>A page loses turns only to its own splits, which are read after it. Together they contain each
 * turn once, whenever each of them is read.
 */
public final class PageWalk {

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
     * @param head the head that refers to the pages
     * @param batch number of items to read at a time, {@link DynamoDb#BATCH} at most
     * @param consistent whether all reads are strongly consistent; otherwise pages are at least as
     *     new as the head
     * @param missing decides whether pages that the head refers to may be missing
     */
    public record Options(
            String sessionId,
            SessionHead head,
            int batch,
            boolean consistent,
            MissingPage missing) {}

    private final DynamoDb dynamoDb;

    public PageWalk(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    /**
     * Walks over pages and their splits in order.
     *
     * @param from number of the lowest page
     */
    public Multi<StoredPage> oldestFirst(Options options, int from) {
        SessionHead.PageRange pages = options.head().pages();
        int first = PageKey.itemNumber(Math.max(pages.first(), from));
        int items = items(first, pages.next());
        return walk(options, true, items, i -> PageKey.of(first + i * PageKey.STEP));
    }

    /**
     * Walks over pages and their splits, the newest first.
     *
     * @param next number after that of the highest page
     */
    public Multi<StoredPage> newestFirst(Options options, int next) {
        SessionHead.PageRange pages = options.head().pages();
        int items = items(pages.first(), Math.min(next, pages.next()));
        int last = pages.first() + (items - 1) * PageKey.STEP;
        return walk(options, false, items, i -> PageKey.of(last - i * PageKey.STEP));
    }

    private static int items(int first, int next) {
        return Math.max(0, Math.ceilDiv(next - first, PageKey.STEP));
    }

    private Multi<StoredPage> walk(
            Options options, boolean oldestFirst, int items, IntFunction<PageKey> keys) {
        return Multi.createFrom()
                .deferred(() -> new Traversal(options, oldestFirst).items(items, keys));
    }

    /** Items as they were read, by their keys. */
    private record Items(String sessionId, Map<String, Map<String, AttributeValue>> byKey) {

        Map<String, AttributeValue> get(PageKey key) {
            return byKey.getOrDefault(key.itemKey(sessionId), Map.of());
        }
    }

    /** A page, and where it ends; null if that is not known or makes no difference. */
    private record Bounded(StoredPage page, @Nullable TurnPosition end) {

        static Bounded of(StoredPage page, @Nullable TurnPosition end) {
            return new Bounded(page.endingBefore(end), end);
        }

        boolean hasTurns() {
            return end == null || page.page().turns().size() > 0;
        }
    }

    private final class Traversal {
        private final Options options;
        private final SessionHead.PageRange range;
        private final boolean oldestFirst;

        /**
         * Whether the next pages are read with consistent reads. If a page was written after the
         * last amendment, all pages that were begun after it were, too. If a page may be outdated,
         * nearly all pages before it may be.
         */
        private boolean consistent;

        Traversal(Options options, boolean oldestFirst) {
            this.options = options;
            this.range = options.head().pages();
            this.oldestFirst = oldestFirst;
            consistent = options.consistent() || (range.amendedAtVersion() > 0 && oldestFirst);
        }

        /**
         * Returns the pages in consecutive items, with their splits.
         *
         * @param count the number of items
         * @param keys returns the key of an item, in the order of the walk
         */
        Multi<StoredPage> items(int count, IntFunction<PageKey> keys) {
            return inBatches(count, keys, this::consecutive);
        }

        private Multi<StoredPage> inBatches(
                int count,
                IntFunction<PageKey> keys,
                Function<List<PageKey>, Uni<List<Bounded>>> pages) {
            return Multi.createFrom()
                    .range(0, Math.ceilDiv(count, options.batch()))
                    .onItem()
                    .transformToUniAndConcatenate(
                            i -> {
                                int from = i * options.batch();
                                int to = Math.min(count, from + options.batch());
                                return pages.apply(
                                        IntStream.range(from, to).mapToObj(keys).toList());
                            })
                    .invoke(this::updateConsistency)
                    .onItem()
                    .<Bounded>transformToMultiAndConcatenate(
                            found -> Multi.createFrom().iterable(found))
                    .filter(Bounded::hasTurns)
                    .onItem()
                    .transformToMultiAndConcatenate(this::withSplits);
        }

        private Multi<StoredPage> withSplits(Bounded bounded) {
            StoredPage page = bounded.page();
            int splits = page.page().splits();
            if (splits == 0) {
                return Multi.createFrom().item(page);
            }
            Multi<StoredPage> itself = Multi.createFrom().item(page);
            Multi<StoredPage> splitPages =
                    inBatches(
                            splits,
                            i -> page.key().split(oldestFirst ? splits - i : i + 1),
                            keys -> splits(keys, bounded.end()));
            return oldestFirst
                    ? Multi.createBy().concatenating().streams(itself, splitPages)
                    : Multi.createBy().concatenating().streams(splitPages, itself);
        }

        /**
         * Reads consecutive items. The item after them is read, too: it shows where the last of
         * their pages ends, and which form of that page counts.
         */
        private Uni<List<Bounded>> consecutive(List<PageKey> keys) {
            int last = keys.stream().mapToInt(PageKey::number).max().orElseThrow();
            List<PageKey> read = new ArrayList<>(keys);
            if (last + PageKey.STEP < range.next()) {
                read.add(PageKey.of(last + PageKey.STEP));
            }
            return read(read, this::mayBeOutdated)
                    .call(items -> acceptMissing(read, items))
                    .map(
                            items ->
                                    keys.stream()
                                            .flatMap(key -> pages(key, items).stream())
                                            .toList());
        }

        private Uni<List<Bounded>> splits(List<PageKey> keys, @Nullable TurnPosition end) {
            return read(keys, (key, items) -> mayBeAmended(items.get(key)))
                    .call(items -> acceptMissing(keys, items))
                    .map(
                            items ->
                                    keys.stream()
                                            .flatMap(
                                                    key ->
                                                            StoredPage.in(
                                                                    items.get(key), List.of(key))
                                                                    .stream())
                                            .map(page -> Bounded.of(page, end))
                                            .toList());
        }

        private void updateConsistency(List<Bounded> pages) {
            if (!options.consistent() && !pages.isEmpty()) {
                consistent = pages.getLast().page().sealedAtVersion() <= range.amendedAtVersion();
            }
        }

        private Uni<Void> acceptMissing(List<PageKey> keys, Items items) {
            boolean allExist =
                    keys.stream().allMatch(key -> items.get(key).containsKey(SessionTable.TURNS));
            return allExist ? Uni.createFrom().voidItem() : options.missing().accept();
        }

        /** Returns the pages in an item, in the order of the walk. */
        private List<Bounded> pages(PageKey item, Items items) {
            TurnPosition end = needsEnd(item, items) ? end(item, items) : null;
            List<Bounded> pages =
                    StoredPage.in(items.get(item), range.pagesIn(item.number())).stream()
                            .map(page -> Bounded.of(page, end))
                            .toList();
            return oldestFirst ? pages : pages.reversed();
        }

        /**
         * Returns whether the item may contain turns that do not belong there: it was written after
         * turns were last sealed into it, or the version of that is not known.
         */
        private boolean needsEnd(PageKey item, Items items) {
            long oldestForm = oldestForm(item, items);
            return oldestForm == 0
                    || Attributes.number(items.get(item), SessionTable.SEALED_AT_VERSION)
                            > oldestForm;
        }

        private @Nullable TurnPosition end(PageKey item, Items items) {
            return isNewest(item)
                    ? options.head().endOfPages()
                    : StoredPage.in(items.get(next(item)), List.of(next(item))).stream()
                            .map(page -> page.page().turns().first())
                            .findFirst()
                            .orElse(null);
        }

        /** Returns the version of the oldest form of an item that counts; 0 if it is not known. */
        private long oldestForm(PageKey item, Items items) {
            return isNewest(item)
                    ? range.sealedAtVersion()
                    : Attributes.number(items.get(next(item)), SessionTable.FOLLOWS);
        }

        private boolean isNewest(PageKey item) {
            return next(item).number() >= range.next();
        }

        private static PageKey next(PageKey item) {
            return PageKey.of(item.number() + PageKey.STEP);
        }

        private boolean mayBeOutdated(PageKey key, Items items) {
            Map<String, AttributeValue> item = items.get(key);
            return mayBeAmended(item)
                    || Attributes.number(item, SessionTable.SEALED_AT_VERSION)
                            < oldestForm(key, items)
                    || mayLackSecondPage(key, item);
        }

        /** Returns whether the item is of an early version of Parley and may lack a page. */
        private boolean mayLackSecondPage(PageKey key, Map<String, AttributeValue> item) {
            List<PageKey> pages = range.pagesIn(key.number());
            return !item.containsKey(SessionTable.FOLLOWS)
                    && StoredPage.in(item, pages).size() < pages.size();
        }

        private boolean mayBeAmended(Map<String, AttributeValue> item) {
            return Attributes.number(item, SessionTable.SEALED_AT_VERSION)
                    <= range.amendedAtVersion();
        }

        /**
         * Reads items. Those that may be outdated are read again with a consistent read, which may
         * show that others are outdated.
         */
        private Uni<Items> read(List<PageKey> keys, BiPredicate<PageKey, Items> outdated) {
            return dynamoDb.get(names(keys), consistent)
                    .map(found -> new Items(options.sessionId(), found))
                    .chain(
                            items ->
                                    consistent
                                            ? Uni.createFrom().item(items)
                                            : readAgain(keys, items, outdated, new HashSet<>()));
        }

        private Uni<Items> readAgain(
                List<PageKey> keys,
                Items items,
                BiPredicate<PageKey, Items> outdated,
                Set<PageKey> current) {
            List<PageKey> again =
                    keys.stream()
                            .filter(key -> !current.contains(key) && outdated.test(key, items))
                            .toList();
            if (again.isEmpty()) {
                return Uni.createFrom().item(items);
            }
            current.addAll(again);
            items.byKey().keySet().removeAll(names(again));
            return dynamoDb.get(names(again), true)
                    .invoke(found -> items.byKey().putAll(found))
                    .chain(() -> readAgain(keys, items, outdated, current));
        }

        private Set<String> names(List<PageKey> keys) {
            return keys.stream()
                    .map(key -> key.itemKey(options.sessionId()))
                    .collect(Collectors.toSet());
        }
    }
}
