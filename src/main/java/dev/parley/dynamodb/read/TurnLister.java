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
     * A list of turns, or of sessions with their data, ends early after so many characters, so that
     * a response stays small. It continues with the next turn or session.
     */
    static final long MAX_CHARACTERS = 8L << 20;

    /**
     * The maximum number of outdated heads in a row. More of them are not a coincidence, and the
     * list fails.
     */
    private static final int MAX_OUTDATED = 50;

    private final PageWalk pages;
    private final PageSearch search;
    private final LargeTurns largeTurns;
    private final TurnQuery query;
    private final Supplier<Uni<Optional<VisibleHead>>> latest;
    private @Nullable TurnCursor cursor;
    private int outdated;
    private boolean ofAnotherHead;

    /**
     * Creates a lister for the turns of a session.
     *
     * @param latest reads the current head with a consistent read
     */
    public TurnLister(
            PageWalk pages,
            PageSearch search,
            LargeTurns largeTurns,
            TurnQuery query,
            Supplier<Uni<Optional<VisibleHead>>> latest) {
        this.pages = pages;
        this.search = search;
        this.largeTurns = largeTurns;
        this.query = query;
        this.latest = latest;
        this.cursor = query.cursor().map(TurnCursor::of).orElse(null);
    }

    private record TurnWithCursor(TurnCursor cursor, Json turn) {}

    /** Counts the turns of a list, and whether there are more than it returns. */
    private final class Returned {
        private int turns;
        private long characters;
        private boolean more;

        boolean take(TurnWithCursor turn) {
            more = turns == query.limit() || characters >= MAX_CHARACTERS;
            turns++;
            characters += turn.turn().text().length();
            return !more;
        }
    }

    /**
     * Returns as many turns as the query wants, or fewer if they are large; empty if the session is
     * gone.
     */
    public Uni<Optional<ResultPage<Json>>> list(VisibleHead head) {
        int wanted = query.limit() / TURNS_IN_A_PAGE + 1;
        Returned returned = new Returned();
        return blocks(head, Math.min(wanted, DynamoDb.BATCH))
                .onItem()
                .transformToIterable(TurnLister::withCursors)
                .select()
                .first(returned::take)
                .collect()
                .asList()
                .map(found -> Optional.of(resultPage(found, returned.more)))
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

    /** Returns whether some turns are of a later head than the one that the list began with. */
    public boolean isOfAnotherHead() {
        return ofAnotherHead;
    }

    private Multi<Block> blocks(VisibleHead head, int batch) {
        MissingPageCheck check = new MissingPageCheck(head.head(), latest);
        return new TurnBlocks(pages, search, head, check, query, cursor)
                .inBatchesOf(batch)
                .onItem()
                .transformToMultiAndConcatenate(block -> withTexts(head, block))
                .invoke(this::saveCursor)
                .onFailure(OutdatedHead.class)
                .recoverWithMulti(
                        failure -> continueWithCurrentHead((OutdatedHead) failure, batch));
    }

    /** Returns the block; if it refers to large texts, each turn is a block of its own. */
    private Multi<Block> withTexts(VisibleHead head, Block block) {
        return block.turns().stream().allMatch(turn -> turn.entry().parts() == null)
                ? Multi.createFrom().item(block)
                : largeTurns
                        .withTexts(head, block.turns(), latest)
                        .map(turn -> new Block(block.version(), block.page(), List.of(turn)));
    }

    private void saveCursor(Block block) {
        if (!block.turns().isEmpty()) {
            cursor = block.cursorAt(block.turns().getLast());
            outdated = 0;
        }
    }

    private Multi<Block> continueWithCurrentHead(OutdatedHead failure, int batch) {
        ofAnotherHead = true;
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

    private static ResultPage<Json> resultPage(List<TurnWithCursor> found, boolean more) {
        return new ResultPage<>(
                found.stream().map(TurnWithCursor::turn).toList(),
                more ? Optional.of(found.getLast().cursor().text()) : Optional.empty());
    }
}
