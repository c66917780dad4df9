package dev.parley.dynamodb.read;

import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.StoredPage;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.dynamodb.layout.WaitingTurns;
import dev.parley.dynamodb.pages.PageSearch;
import dev.parley.dynamodb.pages.PageWalk;
import dev.parley.session.Consistency;
import dev.parley.session.TimeRange;
import dev.parley.session.TurnQuery;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The wanted turns of a session according to one head: those in its pages, in its tail and among
 * its waiting turns, in either order and from a cursor on. It fails with {@link OutdatedHead} if
 * the session has other pages by now.
 */
final class TurnBlocks {

    private final PageWalk pages;
    private final PageSearch search;
    private final String sessionId;
    private final SessionHead head;
    private final MissingPageCheck check;
    private final TurnQuery query;
    private final TimeRange occurred;
    private final @Nullable TurnCursor cursor;

    /**
     * Creates the blocks for a query.
     *
     * @param cursor the position of the last turn that was returned; null for none
     */
    TurnBlocks(
            PageWalk pages,
            PageSearch search,
            VisibleHead visible,
            MissingPageCheck check,
            TurnQuery query,
            @Nullable TurnCursor cursor) {
        this.pages = pages;
        this.search = search;
        this.sessionId = visible.sessionId();
        this.head = visible.head();
        this.check = check;
        this.query = query;
        this.occurred = query.occurred().notBefore(visible.kept().from());
        this.cursor = cursor;
    }

    /** The wanted turns of one page, in the wanted order; it may have none. */
    record Block(long version, int page, List<TurnBlock.Line> turns) {

        TurnCursor cursorAt(TurnBlock.Line turn) {
            return new TurnCursor(version, page, turn.position());
        }
    }

    /** All turns of a page, oldest first. The tail counts as the page that it will be a part of. */
    private record WholePage(int page, List<TurnBlock.Line> turns) {

        WholePage(int page, TurnBlock turns) {
            this(page, turns.lines());
        }

        TurnPosition first() {
            return turns.getFirst().position();
        }

        TurnPosition last() {
            return turns.getLast().position();
        }
    }

    /**
     * Returns the wanted turns, page by page.
     *
     * @param batch number of items of pages to read at a time
     */
    Multi<Block> inBatchesOf(int batch) {
        Multi<WholePage> all =
                isOldestFirst()
                        ? lowestPage()
                                .onItem()
                                .transformToMulti(from -> oldestFirst(from, batch))
                                .select()
                                .first(page -> page.first().at().isBefore(occurred.to()))
                        : highestPage()
                                .onItem()
                                .transformToMulti(highest -> newestFirst(highest, batch))
                                .select()
                                .first(page -> !page.last().at().isBefore(occurred.from()));
        return head.waiting().isEmpty()
                ? all.map(page -> block(page.page(), wanted(page)))
                : Multi.createFrom().deferred(() -> withWaiting(all));
    }

    private Multi<Block> withWaiting(Multi<WholePage> all) {
        WaitingTurns<TurnBlock.Line> waiting =
                isOldestFirst()
                        ? WaitingTurns.oldestFirst(head.waiting(), this::isWanted)
                        : WaitingTurns.newestFirst(head.waiting(), this::isWanted);
        AtomicInteger page = new AtomicInteger(cursorPage().orElse(firstPage()));
        Multi<Block> blocks =
                all.invoke(whole -> page.set(whole.page()))
                        .map(
                                whole ->
                                        block(
                                                pageToContinueWith(whole),
                                                waiting.mergeInto(
                                                        lastInOrder(whole), wanted(whole))));
        return Multi.createBy()
                .concatenating()
                .streams(
                        blocks,
                        Multi.createFrom().item(() -> block(page.get(), waiting.takeRemaining())));
    }

    /**
     * Returns the page with which a list continues after turns of this page. If the oldest turns
     * come first, this is the page before: waiting turns between that page and this one may have
     * been moved there meanwhile.
     */
    private int pageToContinueWith(WholePage whole) {
        return isOldestFirst()
                ? Math.max(head.pages().first(), PageKey.itemNumber(whole.page() - 1))
                : whole.page();
    }

    private Block block(int page, List<TurnBlock.Line> turns) {
        return new Block(head.version(), page, turns);
    }

    /** Returns the position of the turn that comes last in the order of the query. */
    private TurnPosition lastInOrder(WholePage whole) {
        return isOldestFirst() ? whole.last() : whole.first();
    }

    /** Returns the page that comes first in the order of the query. */
    private int firstPage() {
        return isOldestFirst() ? head.pages().first() : head.pages().pageOfTail();
    }

    private boolean isOldestFirst() {
        return query.order() == TurnQuery.Order.OLDEST_FIRST;
    }

    private List<TurnBlock.Line> wanted(WholePage whole) {
        List<TurnBlock.Line> oldestFirst =
                whole.turns().stream().filter(line -> isWanted(line.position())).toList();
        return isOldestFirst() ? oldestFirst : oldestFirst.reversed();
    }

    private boolean isWanted(TurnPosition position) {
        return occurred.contains(position.at()) && isAfterCursor(position);
    }

    private boolean isAfterCursor(TurnPosition position) {
        if (cursor == null) {
            return true;
        }
        int order = position.compareTo(cursor.position());
        return isOldestFirst() ? order > 0 : order < 0;
    }

    private Multi<WholePage> oldestFirst(int from, int batch) {
        return Multi.createBy()
                .concatenating()
                .streams(whole(pages.oldestFirst(options(batch), from)), tail());
    }

    private Multi<WholePage> newestFirst(int highest, int batch) {
        return Multi.createBy()
                .concatenating()
                .streams(tail(), whole(pages.newestFirst(options(batch), highest + 1)));
    }

    private PageWalk.Options options(int batch) {
        return new PageWalk.Options(
                sessionId, head, batch, query.consistency() == Consistency.STRONG, check);
    }

    private static Multi<WholePage> whole(Multi<StoredPage> pages) {
        return pages.map(page -> new WholePage(page.key().number(), page.page().turns()));
    }

    private Multi<WholePage> tail() {
        return head.tail().isEmpty()
                ? Multi.createFrom().empty()
                : Multi.createFrom().item(new WholePage(head.pages().pageOfTail(), head.tail()));
    }

    /**
     * Returns the page of the cursor's turn. It is empty without a cursor, for a cursor of another
     * life of the session, and for a page that was erased.
     */
    private Optional<Integer> cursorPage() {
        return Optional.ofNullable(cursor)
                .filter(known -> known.version() <= head.version())
                .map(TurnCursor::page)
                .filter(page -> page >= head.pages().first());
    }

    /** Returns the number of the lowest page that can contain a wanted turn. */
    private Uni<Integer> lowestPage() {
        Instant first = head.firstTurnAt();
        boolean needsNoSearch = cursor != null || first == null || !first.isBefore(occurred.from());
        return needsNoSearch
                ? Uni.createFrom().item(cursorPage().orElse(head.pages().first()))
                : search.numberOfPageAt(sessionId, head, occurred.from(), check);
    }

    /** Returns the number of the highest page that can contain a wanted turn. */
    private Uni<Integer> highestPage() {
        int last = head.pages().next() - 1;
        Optional<Integer> known = cursorPage();
        if (known.isPresent() && cursor != null) {
            return highestPage(PageKey.nextItem(known.get() + 1), last, cursor);
        }
        Instant newest = head.lastTurnAt();
        boolean needsNoSearch = cursor != null || newest == null || newest.isBefore(occurred.to());
        return needsNoSearch
                ? Uni.createFrom().item(last)
                : search.numberOfPageAt(sessionId, head, occurred.to(), check);
    }

    /**
     * Returns the number of the highest page that can contain a turn before the cursor. Since the
     * cursor was created, pages that begin before the cursor may have been added.
     *
     * @param next the number of the item after those that are known to begin before the cursor
     */
    private Uni<Integer> highestPage(int next, int last, TurnCursor until) {
        return next > last
                ? Uni.createFrom().item(last)
                : search.beginningOfItem(sessionId, next)
                        .chain(
                                begins ->
                                        begins.filter(at -> !at.isAfter(until.position()))
                                                        .isPresent()
                                                ? highestPage(next + PageKey.STEP, last, until)
                                                : Uni.createFrom().item(next - 1));
    }
}
