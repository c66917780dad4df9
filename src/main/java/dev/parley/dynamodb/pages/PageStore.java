package dev.parley.dynamodb.pages;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.Fingerprints;
import dev.parley.dynamodb.layout.LatePlace;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.RecentTurns;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.SessionHead.PageRange;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.StoredPage;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The pages of sessions: finds them, counts what is in them, removes them. */
@ApplicationScoped
public class PageStore {

    /**
     * Read at a time where a turn is looked for: four items, which have the last 60 turns or so.
     */
    private static final int PAGES_TO_LOOK_IN = 4 * PageKey.IN_ITEM;

    /** Items that are looked at below the first page of a session that was deleted. */
    private static final int ORPHANS = 8;

    private final DynamoDb dynamoDb;
    private final PageSearch search;
    private final PageWalk pages;

    public PageStore(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
        this.search = new PageSearch(dynamoDb);
        this.pages = new PageWalk(dynamoDb);
    }

    /** Which turns were sealed last, as the newest item tells; none if that has expired. */
    public Uni<Fingerprints> recentTurns(String sessionId, PageRange range) {
        int first = PageKey.itemNumber(range.newest().number());
        List<PageKey> keys = IntStream.range(first, range.next()).mapToObj(PageKey::of).toList();
        return dynamoDb.get(keys.getFirst().itemIn(sessionId), true)
                .map(
                        item ->
                                RecentTurns.inOrder(
                                        Fingerprints.stored(item.get(SessionTable.TURNS_BEFORE)),
                                        StoredPage.in(item, keys).stream()
                                                .map(page -> page.page().turns())));
    }

    /** Looks for a turn in all pages, the newest first, and tells where it stands. */
    public Uni<Optional<TurnPosition>> find(String sessionId, PageRange range, Turn.Identity turn) {
        return pages.walk(
                        wholly(sessionId, PageWalk.Direction.NEWEST_FIRST, PAGES_TO_LOOK_IN),
                        range.first(),
                        range.next())
                .map(located -> located.page().turns().positionOf(turn))
                .select()
                .where(Optional::isPresent)
                .select()
                .first()
                .toUni()
                .map(found -> found == null ? Optional.empty() : found);
    }

    /** {@link PageSearch#locate}. */
    public Uni<Optional<LatePlace>> locate(
            String sessionId, PageRange range, TurnPosition position) {
        return search.locate(sessionId, range, position);
    }

    /** All pages with turns that happened after the moment, in order. */
    public Multi<List<Turn>> pagesAfter(String sessionId, PageRange range, Instant moment) {
        return pages.walk(
                        wholly(sessionId, PageWalk.Direction.OLDEST_FIRST, DynamoDb.BATCH),
                        range.first(),
                        range.next())
                .map(located -> located.page().turns())
                .filter(turns -> turns.last().at().isAfter(moment))
                .map(TurnBlock::turns);
    }

    /**
     * All pages, the newest first, read as they are asked for.
     *
     * @param first number of the lowest page
     * @param next number behind that of the highest page
     */
    public Multi<StoredPage> newestFirst(String sessionId, int first, int next) {
        return pages.walk(
                wholly(sessionId, PageWalk.Direction.NEWEST_FIRST, DynamoDb.BATCH), first, next);
    }

    private static PageWalk.Walk wholly(String sessionId, PageWalk.Direction direction, int batch) {
        return new PageWalk.Walk(
                sessionId, direction, batch, true, 0, PageWalk.MissingPage.LEFT_OUT);
    }

    /**
     * Removes what a deletion leaves without a head: the pages below the first one that is left,
     * and pages that someone wrote whose head didn't follow.
     *
     * @param from the first of them
     * @param head since the deletion
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
     * Looks once more behind a deletion, where someone who died may have left pages: they wrote
     * them for a head that the deletion replaced.
     */
    public Uni<Void> eraseOrphans(String sessionId, SessionHead head) {
        int from = Math.max(0, head.pages().first() - ORPHANS * PageKey.IN_ITEM);
        int next = nextOrphan(head);
        Set<String> names =
                IntStream.concat(items(from, head.pages().first()), IntStream.of(next))
                        .mapToObj(number -> PageKey.of(number).itemIn(sessionId))
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
        return IntStream.range(from / PageKey.IN_ITEM, PageKey.nextItem(to) / PageKey.IN_ITEM)
                .map(item -> item * PageKey.IN_ITEM);
    }

    private static List<PageKey> item(int number) {
        return List.of(PageKey.of(number), PageKey.of(number + 1));
    }

    /** One after the other, as they were written, up to the first that is not there. */
    private Uni<Void> eraseOrphans(String sessionId, int number, long version) {
        return erase(sessionId, item(number), version)
                .chain(
                        gone ->
                                gone
                                        ? eraseOrphans(sessionId, number + PageKey.IN_ITEM, version)
                                        : Uni.createFrom().voidItem());
    }

    /**
     * Removes an item and the splits of its pages, the splits first: a page tells which there are.
     *
     * @param version what a later one has written stays
     * @return whether there was one, and it is gone
     */
    private Uni<Boolean> erase(String sessionId, List<PageKey> keys, long version) {
        String name = keys.getFirst().itemIn(sessionId);
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
                        located ->
                                IntStream.rangeClosed(1, located.page().splits())
                                        .mapToObj(located.key()::split))
                .toList();
    }
}
