package dev.parley.dynamodb;

import dev.parley.dynamodb.SessionHead.PageRange;
import dev.parley.session.Counters;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The pages of sessions: finds them, counts what is in them, removes them. */
@ApplicationScoped
class PageStore {

    /** Requests at a time where many are to be done. */
    static final int CONCURRENCY = 8;

    private final DynamoDb dynamoDb;
    private final PageSearch search;
    private final PageWalk pages;

    PageStore(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
        this.search = new PageSearch(dynamoDb);
        this.pages = new PageWalk(dynamoDb);
    }

    /**
     * A page and its name.
     *
     * @param sealedAtVersion the version of the head with which its item last changed
     */
    record Located(PageKey key, TurnPage page, long sealedAtVersion) {}

    /** The pages of those names in their item. */
    static List<Located> located(List<PageKey> keys, Map<String, AttributeValue> item) {
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

    /** {@link PageSearch#locate}. */
    Uni<List<Located>> locate(String sessionId, PageRange range, TurnPosition position) {
        return search.locate(sessionId, range, position);
    }

    /** All turns in pages that happened after the moment, in order. */
    Uni<List<Turn>> turnsAfter(String sessionId, PageRange range, Instant moment) {
        return pages.walk(wholly(sessionId), range.first(), range.next())
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
        return pages.walk(wholly(sessionId), stored.first(), stored.next())
                .filter(located -> !plan.pages().containsKey(located.key()))
                .onItem()
                .transformToIterable(located -> located.page().turns().turns())
                .collect()
                .in(() -> new Counting(Counters.of(ahead)), Counting::add)
                .map(counting -> counting.counters);
    }

    private static PageWalk.Walk wholly(String sessionId) {
        return new PageWalk.Walk(sessionId, PageWalk.Direction.OLDEST_FIRST, DynamoDb.BATCH, true);
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
