package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A draft of the turns of a session: its tail, its pages, and the waiting turns. */
final class TurnsDraft {

    /**
     * Added turns are packed when their text is this many times as large as a block. That is a few
     * blocks at once, because text deflates to a third.
     */
    private static final int TEXT_BY_BLOCK_SIZE = 4;

    private final BlockSize size;
    private final PagesDraft pages;
    private TurnBlock tail;
    private TurnBlock waiting;

    /**
     * Turns after the tail that have not been packed yet; their text has {@code addedText}
     * characters.
     */
    private List<Turn> added = new ArrayList<>();

    private final Set<Turn.Identity> addedIdentities = new HashSet<>();
    private int addedText;

    TurnsDraft(SessionHead head, BlockSize size, Retention retention) {
        this.size = size;
        pages = new PagesDraft(head.pages(), size, retention);
        tail = head.tail();
        waiting = head.waiting();
    }

    /** Returns the pages, after the added turns have been packed. */
    PagesDraft pages() {
        pack();
        return pages;
    }

    /**
     * Returns whether the turn may be in a page, although its time does not show that. This packs
     * nothing: it is called for each turn while ingestion catches up.
     */
    boolean mayBeInOtherPage(Turn turn) {
        return pages.mayContain(turn);
    }

    /**
     * Returns how many pages are to be written so far, without turns that have not been packed yet.
     */
    int sealed() {
        return pages.size();
    }

    TurnBlock tail() {
        pack();
        return tail;
    }

    /** Returns the waiting turns, see {@link SessionHead#waiting}. */
    TurnBlock waiting() {
        return waiting;
    }

    void setWaiting(List<Turn> turns) {
        waiting = TurnBlock.of(turns, size.encoding());
    }

    /** Returns the index of the turn in the tail; empty if the turn is not in the tail. */
    Optional<Integer> indexOf(Turn.Identity turn) {
        boolean known = addedIdentities.contains(turn) || tail.indexOf(turn).isPresent();
        if (known) {
            pack();
        }
        return known ? tail.indexOf(turn) : Optional.empty();
    }

    /**
     * Returns when a turn in the tail or among the waiting turns happened; empty if the turn is in
     * neither.
     */
    Optional<Instant> timeOf(Turn.Identity turn) {
        TurnBlock block = indexOf(turn).isPresent() ? tail : waiting;
        return block.positionOf(turn).map(TurnPosition::at);
    }

    /**
     * Returns whether a turn with this position may already be in a page. All turns in pages are
     * before the tail.
     */
    boolean mayBeSealed(TurnPosition position) {
        if (!added.isEmpty() && position.isAfter(TurnPosition.of(added.getLast()))) {
            return false;
        }
        pack();
        return pages.range().mayContain(position, tail);
    }

    /** Adds a turn that is in no page to the tail, and seals what no longer fits. */
    void add(Turn turn) {
        if (isBehindAll(TurnPosition.of(turn))) {
            added.add(turn);
            addedIdentities.add(turn.identity());
            addedText += turn.textLength();
            if (addedText > TEXT_BY_BLOCK_SIZE * size.maxBytes()) {
                pack();
            }
        } else {
            pack();
            TurnBlock grown = tail.with(turn, size.encoding());
            if (fits(grown)) {
                tail = grown;
            } else {
                sealAllButTheLast(size.split(grown.turns()));
            }
        }
    }

    private boolean isBehindAll(TurnPosition position) {
        return added.isEmpty()
                ? tail.isEmpty() || position.isAfter(tail.last())
                : position.isAfter(TurnPosition.of(added.getLast()));
    }

    /**
     * Packs the added turns into the tail. The result is the same as if they were added one by one,
     * but the tail is not deflated again for each of them. While ingestion catches up, that would
     * be most of the work.
     */
    private void pack() {
        List<TurnBlock.Line> left = added.stream().map(TurnBlock::line).toList();
        added = new ArrayList<>();
        addedIdentities.clear();
        addedText = 0;
        while (!left.isEmpty()) {
            TurnBlock all = tail.with(left, size.encoding());
            if (fits(all)) {
                tail = all;
                return;
            }
            TurnBlock most = size.withAsManyAsFit(maxBytes(), tail, left, all);
            int sealed = most.isEmpty() ? 1 : most.size() - tail.size();
            if (most.isEmpty()) {
                pages.seal(
                        tail.with(left.subList(0, 1), size.encoding()),
                        left.getFirst().position().at());
            } else {
                pages.seal(most, left.get(sealed).position().at());
            }
            tail = TurnBlock.EMPTY;
            left = left.subList(sealed, left.size());
        }
    }

    /** Replaces all turns that are in no page, and seals what does not fit. */
    void setTail(List<Turn> turns) {
        added = new ArrayList<>();
        addedIdentities.clear();
        addedText = 0;
        TurnBlock whole = TurnBlock.of(turns, size.encoding());
        tail = TurnBlock.EMPTY;
        if (fits(whole)) {
            tail = whole;
        } else {
            sealAllButTheLast(size.split(turns));
        }
    }

    private boolean fits(TurnBlock block) {
        return !size.isLarge(block) && block.bytes() <= maxBytes();
    }

    /** Returns the maximum size of the tail in bytes. Waiting turns take room from the tail. */
    private int maxBytes() {
        int taken = Math.min(waiting.bytes(), size.maxWaitingBytes());
        return (pages.wereEver() ? size.maxBytes() : size.maxFirstBytes()) - taken;
    }

    /**
     * Seals all blocks except the last one. The last one becomes the tail, unless it is a turn that
     * is too large for a tail.
     */
    private void sealAllButTheLast(List<TurnBlock> blocks) {
        for (int i = 0; i + 1 < blocks.size(); i++) {
            pages.seal(blocks.get(i), blocks.get(i + 1).first().at());
        }
        TurnBlock last = blocks.getLast();
        if (!size.isLarge(last)) {
            tail = last;
        } else {
            pages.seal(last, last.last().at());
            tail = TurnBlock.EMPTY;
        }
    }

    /** Drops all pages and the waiting turns, see {@link PagesDraft#drop}. */
    void dropPages(long version) {
        pack();
        pages.drop(version);
        waiting = TurnBlock.EMPTY;
    }
}
