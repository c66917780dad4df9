package dev.parley.dynamodb.plan;

import static dev.parley.dynamodb.plan.SessionDraft.later;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.StoredPage;
import dev.parley.dynamodb.layout.TargetPage;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPage;
import dev.parley.session.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A draft of a stored page, to which turns are added. If it becomes too large, it is split. */
final class PageDraft {

    /**
     * How much longer than necessary a page is kept if it is written only to extend its expiry.
     * Otherwise it would be written again with each turn that is added to one of its splits.
     */
    private static final Duration SPARE = Duration.ofDays(1);

    final OrderedTurns turns;
    private final TargetPage target;
    private final BlockSize size;
    private final Retention retention;
    private final List<Turn> former;
    private final Set<Turn.Identity> moved = new HashSet<>();

    PageDraft(TargetPage target, BlockSize size, Retention retention) {
        this.target = target;
        this.size = size;
        this.retention = retention;
        former = target.page().page().turns().turns();
        turns = new OrderedTurns(former);
    }

    boolean isOf(TargetPage other) {
        return target.page().key().equals(other.page().key());
    }

    /**
     * Adds a turn that is removed from the head. A writer that crashed may have added it before.
     */
    void move(Turn turn) {
        turns.put(turn);
        moved.add(turn.identity());
    }

    /**
     * Adds the changed page and its new splits to the draft of the session, if anything has
     * changed. The pages that it was split from must not expire before it.
     */
    void write(SessionDraft session) {
        if (moved.isEmpty() && turns.list().equals(former)) {
            return;
        }
        List<StoredPage> path = target.path();
        StoredPage page = path.getLast();
        List<TurnBlock> blocks = blocks();
        PagesDraft pages = session.turns.pages();
        int splits = page.page().splits() + blocks.size() - 1;
        Instant expiresAt = retention.expiryOf(turns.list().getLast().occurredAt());
        Instant parentsExpiry = splits == 0 ? expiresAt : expiresAt.plus(Retention.PAGE_LAG);
        Instant own = later(page.page().expiresAt(), parentsExpiry);
        pages.amend(page.key(), TurnPage.changed(blocks.getFirst(), splits, own));
        remember(pages, blocks);
        for (int i = 1; i < blocks.size(); i++) {
            pages.amend(
                    page.key().split(splits + 1 - i),
                    TurnPage.changed(blocks.get(i), 0, expiresAt));
        }
        for (StoredPage parent : path.subList(0, path.size() - 1).reversed()) {
            parentsExpiry = parentsExpiry.plus(Retention.PAGE_LAG);
            keep(pages, parent, parentsExpiry);
        }
    }

    /**
     * Returns the turns of the page in blocks. If the page has a new last turn, the blocks are
     * filled; otherwise they keep room for more turns.
     */
    private List<TurnBlock> blocks() {
        BlockSize bound = size.atDepth(target.page().key().splits().size());
        return turns.list().getLast().identity().equals(former.getLast().identity())
                ? bound.halve(turns.list())
                : bound.split(turns.list());
    }

    private static void keep(PagesDraft pages, StoredPage parent, Instant until) {
        TurnPage page = parent.page();
        if (page.expiresAt().isBefore(until)) {
            pages.keep(
                    parent.key(), TurnPage.changed(page.turns(), page.splits(), until.plus(SPARE)));
        }
    }

    /**
     * Records turns that were added to pages. The newest pages list their own turns. Those that
     * were moved from them to their splits, or added to other pages, are remembered in the head.
     */
    private void remember(PagesDraft pages, List<TurnBlock> blocks) {
        List<Turn.Identity> inPage = blocks.getFirst().identities().filter(this::isNew).toList();
        Stream<Turn.Identity> split = blocks.stream().skip(1).flatMap(TurnBlock::identities);
        if (pages.listsItsTurns(target.page().key())) {
            pages.remember(inPage, split.toList());
        } else {
            pages.remember(
                    List.of(), Stream.concat(inPage.stream(), split.filter(this::isNew)).toList());
        }
    }

    /** Returns whether the turn was moved from the head, or was not in the page before. */
    private boolean isNew(Turn.Identity turn) {
        return moved.contains(turn)
                || former.stream().noneMatch(each -> each.identity().equals(turn));
    }
}
