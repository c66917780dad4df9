package dev.parley.dynamodb.read;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.dynamodb.pages.PageSearch;
import dev.parley.dynamodb.pages.PageWalk;
import dev.parley.dynamodb.read.TurnBlocks.Block;
import dev.parley.session.Json;
import dev.parley.session.ResultPage;
import dev.parley.session.SessionStoreException;
import dev.parley.session.TurnQuery;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lists the turns of a session, each of them once. A part of the session may be erased meanwhile,
 * so that the session has other pages than the head refers to. The list then continues after the
 * last turn that it returned, with the current head. If the session is gone, a list finds no
 * session, and a stream fails.
 */
public final class TurnLister {

    /**
     * The number of turns in a page for the size of a batch. A full page has a dozen ordinary
     * turns. With the lower number, the last batch of a list reads a little more than it needs.
     */
    private static final int TURNS_IN_A_PAGE = 8;

    /**
     * The maximum number of outdated heads in a row. More of them are not a coincidence, and the
     * list fails.
     */
    private static final int MAX_OUTDATED = 50;

    private final PageWalk pages;
    private final PageSearch search;
    private final TurnQuery query;
    private final Supplier<Uni<Optional<VisibleHead>>> latest;
    private @Nullable TurnCursor cursor;
    private int outdated;

    /**
     * Creates a lister for the turns of a session.
     *
     * @param latest reads the current head with a consistent read
     */
    public TurnLister(
            PageWalk pages,
            PageSearch search,
            TurnQuery query,
            Supplier<Uni<Optional<VisibleHead>>> latest) {
        this.pages = pages;
        this.search = search;
        this.query = query;
        this.latest = latest;
        this.cursor = query.cursor().map(TurnCursor::of).orElse(null);
    }

    private record TurnWithCursor(TurnCursor cursor, Json turn) {}

    /** Returns as many turns as the query wants; empty if the session is gone. */
    public Uni<Optional<ResultPage<Json>>> list(VisibleHead head) {
        int wanted = query.limit() / TURNS_IN_A_PAGE + 1;
        return blocks(head, Math.min(wanted, DynamoDb.BATCH))
                .onItem()
                .transformToIterable(TurnLister::withCursors)
                .select()
                .first(query.limit() + 1)
                .collect()
                .asList()
                .map(found -> Optional.of(resultPage(found)))
                .onFailure(OutdatedHead.class)
                .recoverWithItem(Optional.empty());
    }

    /**
     * Returns all turns, whatever the limit of the query is. Fails with {@link
     * SessionStoreException.Unavailable} if the session is deleted meanwhile.
     */
    public Multi<List<Json>> stream(VisibleHead head) {
        return blocks(head, DynamoDb.BATCH)
                .map(block -> block.turns().stream().map(TurnBlock.Line::json).toList())
                .filter(turns -> !turns.isEmpty())
                .onFailure(OutdatedHead.class)
                .transform(
                        failure ->
                                new SessionStoreException.Unavailable(
                                        "the session was deleted while it was read"));
    }

    private Multi<Block> blocks(VisibleHead head, int batch) {
        MissingPageCheck check = new MissingPageCheck(head.head(), latest);
        return new TurnBlocks(pages, search, head, check, query, cursor)
                .inBatchesOf(batch)
                .invoke(this::saveCursor)
                .onFailure(OutdatedHead.class)
                .recoverWithMulti(
                        failure -> continueWithCurrentHead((OutdatedHead) failure, batch));
    }

    private void saveCursor(Block block) {
        if (!block.turns().isEmpty()) {
            cursor = block.cursorAt(block.turns().getLast());
            outdated = 0;
        }
    }

    private Multi<Block> continueWithCurrentHead(OutdatedHead failure, int batch) {
        if (++outdated > MAX_OUTDATED) {
            return Multi.createFrom()
                    .failure(
                            () ->
                                    new SessionStoreException.Unavailable(
                                            "the session changes faster than it can be read"));
        }
        return failure.current()
                .map(head -> blocks(head, batch))
                .orElseGet(() -> Multi.createFrom().failure(failure));
    }

    private static List<TurnWithCursor> withCursors(Block block) {
        return block.turns().stream()
                .map(turn -> new TurnWithCursor(block.cursorAt(turn), turn.json()))
                .toList();
    }

    private ResultPage<Json> resultPage(List<TurnWithCursor> found) {
        boolean more = found.size() > query.limit();
        List<TurnWithCursor> returned = more ? found.subList(0, query.limit()) : found;
        return new ResultPage<>(
                returned.stream().map(TurnWithCursor::turn).toList(),
                more ? Optional.of(returned.getLast().cursor().text()) : Optional.empty());
    }
}
