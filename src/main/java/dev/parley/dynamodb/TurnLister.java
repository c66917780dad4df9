package dev.parley.dynamodb;

import dev.parley.dynamodb.PageWalk.Direction;
import dev.parley.session.Consistency;
import dev.parley.session.Json;
import dev.parley.session.Page;
import dev.parley.session.TimeRange;
import dev.parley.session.TurnQuery;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists the turns of a session over its pages and its tail, in either order, from a cursor on. */
final class TurnLister {

    /**
     * A page holds some seven turns; fewer make the last batch of a list read a little too much.
     */
    private static final int TURNS_IN_A_PAGE = 6;

    private final PageWalk pages;
    private final PageSearch search;
    private final String sessionId;
    private final SessionHead head;
    private final TurnQuery query;
    private final TimeRange occurred;
    private final @Nullable TurnCursor cursor;

    /**
     * @param occurred when the wanted turns happened, and have not expired since
     */
    TurnLister(
            PageWalk pages,
            PageSearch search,
            String sessionId,
            SessionHead head,
            TurnQuery query,
            TimeRange occurred) {
        this.pages = pages;
        this.search = search;
        this.sessionId = sessionId;
        this.head = head;
        this.query = query;
        this.occurred = occurred;
        this.cursor = query.cursor().map(TurnCursor::of).orElse(null);
    }

    /** Turns and the page where they are; the tail counts as the page that it will be. */
    private record Block(int page, TurnBlock turns) {}

    private record Placed(int page, TurnBlock.Line turn) {}

    /** As many as the query wants. */
    Uni<Page<Json>> list() {
        int wanted = PageKey.nextItem(query.limit() / TURNS_IN_A_PAGE + 1);
        return blocks(Math.min(wanted, DynamoDb.BATCH))
                .onItem()
                .transformToIterable(this::placed)
                .select()
                .first(query.limit() + 1)
                .collect()
                .asList()
                .map(this::page);
    }

    /** All of them, whatever the query's limit. */
    Multi<List<Json>> stream() {
        return blocks(DynamoDb.BATCH)
                .map(block -> wanted(block).stream().map(TurnBlock.Line::json).toList())
                .filter(turns -> !turns.isEmpty());
    }

    private boolean isOldestFirst() {
        return query.order() == TurnQuery.Order.OLDEST_FIRST;
    }

    private List<TurnBlock.Line> wanted(Block block) {
        List<TurnBlock.Line> oldestFirst = block.turns().lines(this::isWanted);
        return isOldestFirst() ? oldestFirst : oldestFirst.reversed();
    }

    private List<Placed> placed(Block block) {
        return wanted(block).stream().map(turn -> new Placed(block.page(), turn)).toList();
    }

    /**
     * @param batch pages to read at a time
     */
    private Multi<Block> blocks(int batch) {
        return isOldestFirst()
                ? lowestPage()
                        .onItem()
                        .transformToMulti(from -> oldestFirst(from, batch))
                        .select()
                        .first(block -> block.turns().first().at().isBefore(occurred.to()))
                : highestPage()
                        .onItem()
                        .transformToMulti(highest -> newestFirst(highest, batch))
                        .select()
                        .first(block -> !block.turns().last().at().isBefore(occurred.from()));
    }

    private Multi<Block> oldestFirst(int from, int batch) {
        return Multi.createBy()
                .concatenating()
                .streams(inPages(from, head.pages().next(), Direction.OLDEST_FIRST, batch), tail());
    }

    private Multi<Block> newestFirst(int highest, int batch) {
        return Multi.createBy()
                .concatenating()
                .streams(
                        tail(),
                        inPages(
                                head.pages().first(),
                                Math.min(highest + 1, head.pages().next()),
                                Direction.NEWEST_FIRST,
                                batch));
    }

    private Multi<Block> inPages(int from, int next, Direction direction, int batch) {
        int first = Math.max(head.pages().first(), from);
        boolean consistent = query.consistency() == Consistency.STRONG;
        return pages.walk(
                        new PageWalk.Walk(sessionId, direction, batch, consistent),
                        first,
                        Math.max(first, next))
                .map(located -> new Block(located.key().number(), located.page().turns()));
    }

    private Multi<Block> tail() {
        return head.tail().isEmpty()
                ? Multi.createFrom().empty()
                : Multi.createFrom().item(new Block(head.pages().next(), head.tail()));
    }

    /** The lowest page that can have a wanted turn. */
    private Uni<Integer> lowestPage() {
        if (cursor != null) {
            return Uni.createFrom().item(cursor.page());
        }
        Instant first = head.firstTurnAt();
        boolean all = first == null || !first.isBefore(occurred.from());
        return all
                ? Uni.createFrom().item(head.pages().first())
                : search.numberOfPageAt(sessionId, head, occurred.from());
    }

    /** The highest page that can have a wanted turn. */
    private Uni<Integer> highestPage() {
        int last = head.pages().next() - 1;
        if (cursor != null && cursor.page() >= head.pages().first()) {
            return highestPage(PageKey.nextItem(cursor.page() + 1), last, cursor);
        }
        Instant newest = head.lastTurnAt();
        boolean all = cursor != null || newest == null || newest.isBefore(occurred.to());
        return all
                ? Uni.createFrom().item(last)
                : search.numberOfPageAt(sessionId, head, occurred.to());
    }

    /**
     * The highest page that can have a turn before the cursor: since it was given out, the page may
     * have been sealed with more pages behind it that begin before the cursor.
     *
     * @param next the first page of the item behind those that are known to begin before the cursor
     */
    private Uni<Integer> highestPage(int next, int last, TurnCursor until) {
        return next > last
                ? Uni.createFrom().item(last)
                : search.beginningOfItem(sessionId, next)
                        .chain(
                                begins ->
                                        begins.filter(at -> !at.isAfter(until.position()))
                                                        .isPresent()
                                                ? highestPage(next + PageKey.IN_ITEM, last, until)
                                                : Uni.createFrom().item(next - 1));
    }

    private boolean isWanted(TurnPosition position) {
        return occurred.contains(position.at()) && isBeyondCursor(position);
    }

    private boolean isBeyondCursor(TurnPosition position) {
        if (cursor == null) {
            return true;
        }
        int order = position.compareTo(cursor.position());
        return isOldestFirst() ? order > 0 : order < 0;
    }

    private Page<Json> page(List<Placed> found) {
        boolean more = found.size() > query.limit();
        List<Placed> given = more ? found.subList(0, query.limit()) : found;
        return new Page<>(
                given.stream().map(placed -> placed.turn().json()).toList(),
                more ? Optional.of(cursor(given.getLast())) : Optional.empty());
    }

    private static String cursor(Placed last) {
        return new TurnCursor(last.page(), last.turn().position()).text();
    }
}
