package dev.parley.dynamodb;

import dev.parley.dynamodb.PageStore.Direction;
import dev.parley.session.Page;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lists the turns of a session over its pages and its tail, in either order, from a cursor on. */
final class TurnLister {

    /**
     * A page holds some seven turns; fewer make the last batch of a list read a little too much.
     */
    private static final int TURNS_IN_A_PAGE = 6;

    private final PageStore pages;
    private final String sessionId;
    private final SessionHead head;
    private final TurnQuery query;
    private final @Nullable TurnCursor cursor;
    private final Predicate<Turn> isKept;

    TurnLister(
            PageStore pages,
            String sessionId,
            SessionHead head,
            TurnQuery query,
            Predicate<Turn> isKept) {
        this.pages = pages;
        this.sessionId = sessionId;
        this.head = head;
        this.query = query;
        this.cursor = query.cursor().map(TurnCursor::of).orElse(null);
        this.isKept = isKept;
    }

    /** A turn and the page where it is; the tail counts as the page that it will be. */
    private record Placed(int page, Turn turn) {}

    Uni<Page<Turn>> list() {
        boolean oldestFirst = query.order() == TurnQuery.Order.OLDEST_FIRST;
        return (oldestFirst ? Uni.createFrom().item(oldestFirst()) : newestFirst())
                .chain(
                        turns ->
                                turns.filter(this::isBeyondCursor)
                                        .filter(placed -> isKept.test(placed.turn()))
                                        .select()
                                        .first(query.limit() + 1)
                                        .collect()
                                        .asList())
                .map(this::page);
    }

    private Multi<Placed> oldestFirst() {
        int from = cursor == null ? 0 : cursor.page();
        int first = Math.max(head.pages().first(), from);
        return Multi.createBy()
                .concatenating()
                .streams(
                        inPages(first, head.pages().next(), Direction.OLDEST_FIRST),
                        inTail(head.tail().turns()));
    }

    private Uni<Multi<Placed>> newestFirst() {
        return highestPage()
                .map(
                        highest ->
                                Multi.createBy()
                                        .concatenating()
                                        .streams(
                                                inTail(head.tail().turns().reversed()),
                                                inPages(
                                                        head.pages().first(),
                                                        highest + 1,
                                                        Direction.NEWEST_FIRST)));
    }

    /**
     * The highest page that can have a turn before the cursor: since it was given out, the page may
     * have been sealed with more pages behind it that begin before the cursor.
     */
    private Uni<Integer> highestPage() {
        int last = head.pages().next() - 1;
        return cursor == null || cursor.page() < head.pages().first()
                ? Uni.createFrom().item(last)
                : highestPage(PageKey.nextItem(cursor.page() + 1), last, cursor);
    }

    /**
     * @param next the first page of the item behind those that are known to begin before the cursor
     */
    private Uni<Integer> highestPage(int next, int last, TurnCursor until) {
        return next > last
                ? Uni.createFrom().item(last)
                : pages.beginningOfItem(sessionId, next)
                        .chain(
                                begins ->
                                        begins.filter(at -> !at.isAfter(until.position()))
                                                        .isPresent()
                                                ? highestPage(next + PageKey.IN_ITEM, last, until)
                                                : Uni.createFrom().item(next - 1));
    }

    private Multi<Placed> inPages(int first, int next, Direction direction) {
        int wanted = PageKey.nextItem(query.limit() / TURNS_IN_A_PAGE + 1);
        int batch = Math.min(wanted, DynamoDb.BATCH);
        return pages.walk(
                        new PageStore.Walk(sessionId, direction, batch, false),
                        first,
                        Math.max(first, next))
                .onItem()
                .transformToIterable(
                        located -> {
                            List<Turn> turns = located.page().turns().turns();
                            return (direction == Direction.OLDEST_FIRST ? turns : turns.reversed())
                                    .stream()
                                            .map(turn -> new Placed(located.key().number(), turn))
                                            .toList();
                        });
    }

    private Multi<Placed> inTail(List<Turn> turns) {
        return Multi.createFrom()
                .iterable(turns)
                .map(turn -> new Placed(head.pages().next(), turn));
    }

    private boolean isBeyondCursor(Placed placed) {
        if (cursor == null) {
            return true;
        }
        int order = TurnPosition.of(placed.turn()).compareTo(cursor.position());
        return query.order() == TurnQuery.Order.OLDEST_FIRST ? order > 0 : order < 0;
    }

    private Page<Turn> page(List<Placed> found) {
        boolean more = found.size() > query.limit();
        List<Placed> given = more ? found.subList(0, query.limit()) : found;
        return new Page<>(
                given.stream().map(Placed::turn).toList(),
                more ? Optional.of(cursor(given.getLast())) : Optional.empty());
    }

    private static String cursor(Placed last) {
        return new TurnCursor(last.page(), TurnPosition.of(last.turn())).text();
    }
}
