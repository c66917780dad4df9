package dev.parley.dynamodb;

import dev.parley.dynamodb.SessionHead.PageRange;
import dev.parley.session.Counters;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The pages of sessions: finds the one where a turn stands, walks over them, removes them. */
@ApplicationScoped
class PageStore {

    /** Requests at a time where many are to be done. */
    static final int CONCURRENCY = 8;

    private final DynamoDb dynamoDb;

    PageStore(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    /**
     * A page and its name.
     *
     * @param sealedAtVersion the version of the head with which its item last changed
     */
    record Located(PageKey key, TurnPage page, long sealedAtVersion) {}

    /** Which way to walk. */
    enum Direction {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    /**
     * Finds the page where a turn of that position is, if any page has it: the pages are disjoint
     * in time, so a search over them reads some log₂ of their number.
     *
     * @return the page after those that it was split from; empty if the position is behind all
     *     pages. A turn that is not in the page belongs there
     */
    Uni<List<Located>> locate(String sessionId, PageRange range, TurnPosition position) {
        int items = PageKey.nextItem(range.next() - range.first()) / PageKey.IN_ITEM;
        Search search =
                new Search(
                        sessionId,
                        position,
                        items,
                        i -> pagesOfItem(range.first() + i * PageKey.IN_ITEM, range));
        return search.run()
                .chain(
                        found ->
                                found.page() == null
                                        ? Uni.createFrom().item(found.next())
                                        : descend(
                                                sessionId,
                                                position,
                                                List.of(found.page()),
                                                found.isLast()));
    }

    /**
     * The number of the page where a turn of that moment stands; behind all pages, the number that
     * the tail will get.
     */
    Uni<Integer> numberOfPageAt(String sessionId, SessionHead head, Instant moment) {
        if (head.pages().isEmpty() || head.tailBeginsBefore(moment)) {
            return Uni.createFrom().item(head.pages().next());
        }
        return locate(sessionId, head.pages(), TurnPosition.startOf(moment))
                .map(path -> path.isEmpty() ? head.pages().next() : path.getFirst().key().number());
    }

    private static List<PageKey> pagesOfItem(int first, PageRange range) {
        return IntStream.range(first, Math.min(first + PageKey.IN_ITEM, range.next()))
                .mapToObj(PageKey::of)
                .toList();
    }

    private Uni<List<Located>> descend(
            String sessionId, TurnPosition position, List<Located> path, boolean last) {
        Located parent = path.getLast();
        int splits = parent.page().splits();
        Search search =
                new Search(
                        sessionId, position, splits, i -> List.of(parent.key().split(splits - i)));
        return search.run()
                .chain(
                        found -> {
                            if (found.page() != null) {
                                List<Located> deeper = new ArrayList<>(path);
                                deeper.add(found.page());
                                return descend(sessionId, position, deeper, last && found.isLast());
                            }
                            boolean behindAll =
                                    last
                                            && splits == 0
                                            && position.isAfter(parent.page().turns().last());
                            return Uni.createFrom().item(behindAll ? List.of() : path);
                        });
    }

    /**
     * What a search found.
     *
     * @param page the last that begins at or before the position; null if none does
     * @param isLast whether no page follows it
     * @param next the first page that begins behind the position, if none begins before; at most
     *     one
     */
    private record Found(@Nullable Located page, boolean isLast, List<Located> next) {}

    /**
     * Binary search over items of pages that follow each other; the last one is looked at first.
     */
    private final class Search {
        private final String sessionId;
        private final TurnPosition position;
        private final IntFunction<List<PageKey>> items;
        private final int last;
        private int low;
        private int high;
        private boolean started;
        private boolean isLast;
        private @Nullable Located page;
        private @Nullable Located next;

        Search(
                String sessionId,
                TurnPosition position,
                int count,
                IntFunction<List<PageKey>> items) {
            this.sessionId = sessionId;
            this.position = position;
            this.items = items;
            this.last = count - 1;
            this.high = last;
        }

        Uni<Found> run() {
            if (low > high) {
                boolean nothingBefore = page == null && next != null;
                return Uni.createFrom()
                        .item(new Found(page, isLast, nothingBefore ? List.of(next) : List.of()));
            }
            int probe = started ? (low + high) >>> 1 : high;
            started = true;
            List<PageKey> keys = items.apply(probe);
            return dynamoDb.get(keys.getFirst().itemIn(sessionId), true)
                    .chain(
                            item -> {
                                compare(probe, located(keys, item));
                                return run();
                            });
        }

        /** An item that is gone has expired: what is wanted has not, so it is behind it. */
        private void compare(int probe, List<Located> found) {
            if (!found.isEmpty() && found.getFirst().page().turns().first().isAfter(position)) {
                next = found.getFirst();
                high = probe - 1;
                return;
            }
            low = probe + 1;
            for (Located each : found) {
                boolean begins = !each.page().turns().first().isAfter(position);
                page = begins ? each : page;
                isLast =
                        begins ? probe == last && each.key().equals(found.getLast().key()) : isLast;
            }
        }
    }

    /** The pages of those names in their item. */
    private static List<Located> located(List<PageKey> keys, Map<String, AttributeValue> item) {
        List<Located> located = new ArrayList<>();
        for (PageKey key : keys) {
            PageItem.page(item, key)
                    .map(page -> new Located(key, page, sealedAtVersion(item)))
                    .ifPresent(located::add);
        }
        return located;
    }

    private static long sealedAtVersion(Map<String, AttributeValue> item) {
        return Attributes.number(item, SessionTable.SEALED_AT_VERSION);
    }

    /** Where the first page of the item begins, if it is there. */
    Uni<Optional<TurnPosition>> beginningOfItem(String sessionId, int number) {
        PageKey key = PageKey.of(number);
        return dynamoDb.get(key.itemIn(sessionId), true)
                .map(item -> PageItem.page(item, key).map(page -> page.turns().first()));
    }

    /**
     * How to walk over pages.
     *
     * @param batch pages to read at a time, {@link DynamoDb#BATCH} at most
     * @param consistent whether pages must be as new as the head is: for those who count on them
     */
    record Walk(String sessionId, Direction direction, int batch, boolean consistent) {}

    /**
     * Walks over pages and their splits, some at a time as they are asked for.
     *
     * @param first number of the lowest page
     * @param next number behind that of the highest page
     */
    Multi<Located> walk(Walk how, int first, int next) {
        boolean oldestFirst = how.direction() == Direction.OLDEST_FIRST;
        return walk(how, next - first, i -> PageKey.of(oldestFirst ? first + i : next - 1 - i));
    }

    private Multi<Located> walk(Walk how, int pages, IntFunction<PageKey> keys) {
        return Multi.createFrom()
                .range(0, Math.ceilDiv(pages, how.batch()))
                .onItem()
                .transformToMultiAndConcatenate(
                        number -> {
                            int from = number * how.batch();
                            int to = Math.min(pages, from + how.batch());
                            return getAll(how, IntStream.range(from, to).mapToObj(keys).toList())
                                    .onItem()
                                    .transformToMultiAndConcatenate(page -> withSplits(how, page));
                        });
    }

    private Multi<Located> withSplits(Walk how, Located page) {
        int splits = page.page().splits();
        if (splits == 0) {
            return Multi.createFrom().item(page);
        }
        boolean oldestFirst = how.direction() == Direction.OLDEST_FIRST;
        Multi<Located> behind =
                walk(how, splits, i -> page.key().split(oldestFirst ? splits - i : i + 1));
        Multi<Located> itself = Multi.createFrom().item(page);
        return oldestFirst
                ? Multi.createBy().concatenating().streams(itself, behind)
                : Multi.createBy().concatenating().streams(behind, itself);
    }

    /**
     * Those of the pages that are there, in the order of the keys. A page that a head refers to is
     * there unless it has expired, or its number was left out; one that is missing may have been
     * written a moment ago, and is read again, consistently.
     */
    private Multi<Located> getAll(Walk how, List<PageKey> keys) {
        String sessionId = how.sessionId();
        Set<String> names =
                keys.stream()
                        .map(key -> key.itemIn(sessionId))
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        return dynamoDb.get(names, how.consistent())
                .chain(
                        found ->
                                how.consistent()
                                        ? Uni.createFrom().item(found)
                                        : withMissing(sessionId, keys, found))
                .onItem()
                .transformToMulti(
                        found ->
                                Multi.createFrom()
                                        .iterable(keys)
                                        .onItem()
                                        .transformToIterable(
                                                key ->
                                                        located(
                                                                List.of(key),
                                                                found.getOrDefault(
                                                                        key.itemIn(sessionId),
                                                                        Map.of()))));
    }

    private Uni<Map<String, Map<String, AttributeValue>>> withMissing(
            String sessionId, List<PageKey> keys, Map<String, Map<String, AttributeValue>> found) {
        Set<String> missing =
                keys.stream()
                        .filter(
                                key ->
                                        PageItem.page(found.get(key.itemIn(sessionId)), key)
                                                .isEmpty())
                        .map(key -> key.itemIn(sessionId))
                        .collect(Collectors.toSet());
        return missing.isEmpty()
                ? Uni.createFrom().item(found)
                : dynamoDb.get(missing, true).invoke(found::putAll).replaceWith(found);
    }

    /** All turns in pages that happened after the moment, in order. */
    Uni<List<Turn>> turnsAfter(String sessionId, PageRange range, Instant moment) {
        return walk(wholly(sessionId), range.first(), range.next())
                .filter(located -> located.page().turns().last().at().isAfter(moment))
                .onItem()
                .transformToIterable(located -> located.page().turns().turns())
                .filter(turn -> turn.occurredAt().isAfter(moment))
                .collect()
                .asList();
    }

    /**
     * Counts all turns of a session anew, as they will be after a plan.
     *
     * @param plan its pages replace those that are stored
     */
    Uni<Counters> count(String sessionId, PageRange stored, Plan plan) {
        List<Turn> ahead = new ArrayList<>(plan.head().tail().turns());
        plan.pages().values().forEach(page -> ahead.addAll(page.turns().turns()));
        return walk(wholly(sessionId), stored.first(), stored.next())
                .filter(located -> !plan.pages().containsKey(located.key()))
                .onItem()
                .transformToIterable(located -> located.page().turns().turns())
                .collect()
                .in(() -> new Counting(Counters.of(ahead)), Counting::add)
                .map(counting -> counting.counters);
    }

    private static Walk wholly(String sessionId) {
        return new Walk(sessionId, Direction.OLDEST_FIRST, DynamoDb.BATCH, true);
    }

    private static final class Counting {
        private Counters counters;

        Counting(Counters counters) {
            this.counters = counters;
        }

        void add(Turn turn) {
            counters = counters.plus(turn);
        }
    }

    /** Removes pages and their splits, the splits first: a page tells which splits there are. */
    Uni<Void> erase(String sessionId, int first, int next) {
        return Multi.createFrom()
                .range(first / PageKey.IN_ITEM, PageKey.nextItem(next) / PageKey.IN_ITEM)
                .map(item -> PageKey.of(item * PageKey.IN_ITEM))
                .onItem()
                .transformToUni(
                        key -> eraseItem(sessionId, List.of(key, PageKey.of(key.number() + 1))))
                .merge(CONCURRENCY)
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private Uni<Void> eraseItem(String sessionId, List<PageKey> keys) {
        String name = keys.getFirst().itemIn(sessionId);
        return dynamoDb.get(name, true)
                .chain(
                        item ->
                                item.isEmpty()
                                        ? Uni.createFrom().voidItem()
                                        : Multi.createFrom()
                                                .iterable(splits(located(keys, item)))
                                                .onItem()
                                                .transformToUniAndConcatenate(
                                                        split ->
                                                                eraseItem(
                                                                        sessionId, List.of(split)))
                                                .collect()
                                                .asList()
                                                .chain(() -> dynamoDb.delete(name)));
    }

    private static List<PageKey> splits(List<Located> pages) {
        return pages.stream()
                .flatMap(
                        located ->
                                IntStream.rangeClosed(1, located.page().splits())
                                        .mapToObj(located.key()::split))
                .toList();
    }
}
