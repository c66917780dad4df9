package dev.parley.dynamodb.pages;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.Fingerprints;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.RecentTurns;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.SessionHead.PageRange;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.StoredPage;
import dev.parley.dynamodb.layout.TargetPage;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Finds, reads and erases the pages of sessions. */
@ApplicationScoped
public class PageStore {

    /**
     * The number of pages that a search for a turn reads at a time: four items, which contain about
     * the last 60 turns.
     */
    private static final int PAGES_TO_SEARCH = 4 * PageKey.PAGES_PER_ITEM;

    /** The number of items before the first page of a deleted session that are checked. */
    private static final int ITEMS_TO_CHECK_FOR_ORPHANS = 8;

    private final DynamoDb dynamoDb;
    private final PageSearch search;
    private final PageWalk pages;

    public PageStore(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
        this.search = new PageSearch(dynamoDb);
        this.pages = new PageWalk(dynamoDb);
    }

    /**
     * Returns the turns that were sealed last, as the newest item of pages lists them; none if that
     * item has expired.
     */
    public Uni<Fingerprints> recentTurns(String sessionId, PageRange range) {
        int first = PageKey.itemNumber(range.newest().number());
        List<PageKey> keys = IntStream.range(first, range.next()).mapToObj(PageKey::of).toList();
        return dynamoDb.get(keys.getFirst().itemKey(sessionId), true)
                .map(
                        item ->
                                RecentTurns.inOrder(
                                        Fingerprints.stored(item.get(SessionTable.TURNS_BEFORE)),
                                        StoredPage.in(item, keys).stream()
                                                .map(page -> page.page().turns())));
    }

    /**
     * Searches all pages for a turn, the newest page first, and returns the position of the turn.
     */
    public Uni<Optional<TurnPosition>> find(String sessionId, PageRange range, Turn.Identity turn) {
        return pages.walk(
                        consistentWalk(sessionId, PageWalk.Direction.NEWEST_FIRST, PAGES_TO_SEARCH),
                        range.first(),
                        range.next())
                .map(page -> page.page().turns().positionOf(turn))
                .select()
                .where(Optional::isPresent)
                .select()
                .first()
                .toUni()
                .map(found -> found == null ? Optional.empty() : found);
    }

    /** Finds the page for a position, see {@link PageSearch#locate}. */
    public Uni<Optional<TargetPage>> locate(
            String sessionId, PageRange range, TurnPosition position) {
        return search.locate(sessionId, range, position);
    }

    /** Returns the turns of all pages with a turn that happened after the moment, in order. */
    public Multi<List<Turn>> pagesAfter(String sessionId, PageRange range, Instant moment) {
        return pages.walk(
                        consistentWalk(sessionId, PageWalk.Direction.OLDEST_FIRST, DynamoDb.BATCH),
                        range.first(),
                        range.next())
                .map(page -> page.page().turns())
                .filter(turns -> turns.last().at().isAfter(moment))
                .map(TurnBlock::turns);
    }

    /**
     * Returns all pages, the newest first. They are read on demand.
     *
     * @param first number of the lowest page
     * @param next number after that of the highest page
     */
    public Multi<StoredPage> newestFirst(String sessionId, int first, int next) {
        return pages.walk(
                consistentWalk(sessionId, PageWalk.Direction.NEWEST_FIRST, DynamoDb.BATCH),
                first,
                next);
    }

    private static PageWalk.Options consistentWalk(
            String sessionId, PageWalk.Direction direction, int batch) {
        return new PageWalk.Options(
                sessionId, direction, batch, true, 0, PageWalk.MissingPage.SKIP);
    }

    /**
     * Erases what a deletion leaves without a head: the pages before the first one that remains,
     * and pages that were written without the head that refers to them.
     *
     * @param from number of the first page to erase
     * @param head the head after the deletion
     */
    public Uni<Void> erase(String sessionId, int from, SessionHead head) {
        return Multi.createFrom()
                .items(items(from, head.pages().first()).boxed())
                .onItem()
                .transformToUni(number -> erase(sessionId, item(number), head.version()))
                .merge(DynamoDb.CONCURRENCY)
                .collect()
                .asList()
                .chain(() -> emptyOrphans(sessionId, nextOrphan(head), head.version()));
    }

    /**
     * Checks again after a deletion whether another writer has left pages, which it wrote for a
     * head that was replaced, and erases them.
     */
    public Uni<Void> eraseOrphans(String sessionId, SessionHead head) {
        int from =
                Math.max(
                        0,
                        head.pages().first() - ITEMS_TO_CHECK_FOR_ORPHANS * PageKey.PAGES_PER_ITEM);
        Set<String> names =
                IntStream.concat(items(from, head.pages().first()), IntStream.of(nextOrphan(head)))
                        .mapToObj(number -> PageKey.of(number).itemKey(sessionId))
                        .collect(Collectors.toSet());
        return dynamoDb.get(names, true)
                .chain(
                        found ->
                                found.isEmpty()
                                        ? Uni.createFrom().voidItem()
                                        : erase(sessionId, from, head));
    }

    private static int nextOrphan(SessionHead head) {
        return PageKey.nextItem(head.pages().next());
    }

    private static IntStream items(int from, int to) {
        return IntStream.range(
                        from / PageKey.PAGES_PER_ITEM,
                        PageKey.nextItem(to) / PageKey.PAGES_PER_ITEM)
                .map(item -> item * PageKey.PAGES_PER_ITEM);
    }

    private static List<PageKey> item(int number) {
        return List.of(PageKey.of(number), PageKey.of(number + 1));
    }

    /**
     * Empties items one after the other, in the order in which they were written. It ends at the
     * first item that does not exist or that a later version has written.
     *
     * <p>The items are not deleted. Their writer may still write the next one and crash before it
     * writes the head. The next check then finds that item, because there is no gap before it. And
     * a later page that replaces an empty item knows that a replica may have a former one.
     */
    private Uni<Void> emptyOrphans(String sessionId, int number, long version) {
        return erase(sessionId, item(number), version, dynamoDb::empty)
                .chain(
                        emptied ->
                                emptied
                                        ? emptyOrphans(
                                                sessionId, number + PageKey.PAGES_PER_ITEM, version)
                                        : Uni.createFrom().voidItem());
    }

    /** Deletes or empties an item of pages, unless a later version has written it. */
    @FunctionalInterface
    private interface Removal {
        Uni<Boolean> of(String key, long version);
    }

    private Uni<Boolean> erase(String sessionId, List<PageKey> keys, long version) {
        return erase(sessionId, keys, version, dynamoDb::delete);
    }

    /**
     * Erases an item and the splits of its pages. The splits are erased first, because a page
     * contains the number of its splits.
     *
     * @param version items that a later version has written are kept
     * @param removal erases the item itself
     * @return whether the item existed and is erased
     */
    private Uni<Boolean> erase(
            String sessionId, List<PageKey> keys, long version, Removal removal) {
        String name = keys.getFirst().itemKey(sessionId);
        return dynamoDb.get(name, true)
                .chain(
                        item ->
                                item.isEmpty()
                                        ? Uni.createFrom().item(false)
                                        : eraseSplits(sessionId, keys, item, version)
                                                .chain(() -> removal.of(name, version)));
    }

    private Uni<Void> eraseSplits(
            String sessionId, List<PageKey> keys, Map<String, AttributeValue> item, long version) {
        return Multi.createFrom()
                .iterable(splits(keys, item))
                .onItem()
                .transformToUniAndConcatenate(split -> erase(sessionId, List.of(split), version))
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private static List<PageKey> splits(List<PageKey> keys, Map<String, AttributeValue> item) {
        return keys.stream()
                .flatMap(
                        key ->
                                IntStream.rangeClosed(1, PageItem.splits(item, key))
                                        .mapToObj(key::split))
                .toList();
    }
}
