package dev.parley.dynamodb.pages;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.Fingerprints;
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
import java.util.function.Function;
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
                .chain(() -> eraseOrphans(sessionId, nextOrphan(head), head.version()));
    }

    /**
     * Checks again after a deletion whether another writer has left pages, which it wrote for a
     * head that was replaced, and erases them.
     *
     * <p>The next page of the session gets the number of such a page, of which a replica may still
     * have the former one. So before that is erased, the head states that pages up to its version
     * may be outdated.
     *
     * @param mark writes the head with that statement, and returns the stored head
     * @return the stored head
     */
    public Uni<SessionHead> eraseOrphans(
            String sessionId, SessionHead head, Function<SessionHead, Uni<SessionHead>> mark) {
        int from =
                Math.max(
                        0,
                        head.pages().first() - ITEMS_TO_CHECK_FOR_ORPHANS * PageKey.PAGES_PER_ITEM);
        int next = nextOrphan(head);
        Set<String> names =
                IntStream.concat(items(from, head.pages().first()), IntStream.of(next))
                        .mapToObj(number -> PageKey.of(number).itemKey(sessionId))
                        .collect(Collectors.toSet());
        return dynamoDb.get(names, true)
                .chain(
                        found -> {
                            if (found.isEmpty()) {
                                return Uni.createFrom().item(head);
                            }
                            String name = PageKey.of(next).itemKey(sessionId);
                            return isOrphan(found.getOrDefault(name, Map.of()), head)
                                            && !head.pages().mayAllBeOutdated(head.version())
                                    ? mark.apply(head)
                                            .chain(now -> eraseOrphans(sessionId, now, mark))
                                    : erase(sessionId, from, head).replaceWith(head);
                        });
    }

    private static boolean isOrphan(Map<String, AttributeValue> item, SessionHead head) {
        return !item.isEmpty()
                && Attributes.number(item, SessionTable.SEALED_AT_VERSION) <= head.version();
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
     * Erases items one after the other, in the order in which they were written. It ends at the
     * first item that does not exist or that a later version has written.
     */
    private Uni<Void> eraseOrphans(String sessionId, int number, long version) {
        return erase(sessionId, item(number), version)
                .chain(
                        erased ->
                                erased
                                        ? eraseOrphans(
                                                sessionId, number + PageKey.PAGES_PER_ITEM, version)
                                        : Uni.createFrom().voidItem());
    }

    /**
     * Erases an item and the splits of its pages. The splits are erased first, because a page
     * contains the number of its splits.
     *
     * @param version items that a later version has written are kept
     * @return whether the item existed and is erased
     */
    private Uni<Boolean> erase(String sessionId, List<PageKey> keys, long version) {
        String name = keys.getFirst().itemKey(sessionId);
        return dynamoDb.get(name, true)
                .chain(
                        item ->
                                item.isEmpty()
                                        ? Uni.createFrom().item(false)
                                        : Multi.createFrom()
                                                .iterable(splits(StoredPage.in(item, keys)))
                                                .onItem()
                                                .transformToUniAndConcatenate(
                                                        split ->
                                                                erase(
                                                                        sessionId,
                                                                        List.of(split),
                                                                        version))
                                                .collect()
                                                .asList()
                                                .chain(() -> dynamoDb.delete(name, version)));
    }

    private static List<PageKey> splits(List<StoredPage> pages) {
        return pages.stream()
                .flatMap(
                        page ->
                                IntStream.rangeClosed(1, page.page().splits())
                                        .mapToObj(page.key()::split))
                .toList();
    }
}
