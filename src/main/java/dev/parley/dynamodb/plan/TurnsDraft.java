package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.Format;
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
import java.util.function.IntSupplier;

/** A draft of the turns of a session: its tail, its pages, and the waiting turns. */
final class TurnsDraft {

    /**
     * Added turns are packed when their text is this many times as large as a page. That is a page
     * or two at once, because text deflates to a third.
     */
    private static final int TEXT_BY_PAGE_SIZE = 4;

    private final BlockSize size;
    private final IntSupplier headBytes;
    private PagesDraft pages;
    private TurnBlock tail;
    private TurnBlock waiting;

    /**
     * Turns after the tail that have not been packed yet; their text has {@code addedText}
     * characters.
     */
    private List<Turn> added = new ArrayList<>();

    private final Set<Turn.Identity> addedIdentities = new HashSet<>();
    private int addedText;

    /** The number of turns that the plan has added so far. */
    private int count;

    /**
     * Starts a draft.
     *
     * @param format the format that the plan will be written in
     * @param headBytes returns the size of the head's item without the turns of the tail
     */
    TurnsDraft(
            SessionHead head,
            BlockSize size,
            Retention retention,
            Format format,
            IntSupplier headBytes) {
        this.size = size;
        this.headBytes = headBytes;
        pages =
                new PagesDraft(
                        head.pages(), head.tail(), head.version() + 1, format, size, retention);
        tail = head.tail();
        waiting = head.waiting();
    }

    /** Returns the pages, after the added turns have been packed. */
    PagesDraft pages() {
        pack();
        return pages;
    }

    /** Returns the pages so far, see {@link PagesDraft#rangeBesideATail}. */
    SessionHead.PageRange rangeBesideATail() {
        return pages.rangeBesideATail();
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

    /** Returns whether the position is after all turns that the plan has sealed. */
    boolean isAfterSealed(TurnPosition position) {
        return pages.isAfterSealed(position);
    }

    /** Adds a turn that is in no page to the tail, and seals turns if they no longer fit. */
    void add(Turn turn) {
        count++;
        if (isBehindAll(TurnPosition.of(turn))) {
            added.add(turn);
            addedIdentities.add(turn.identity());
            addedText += turn.textLength();
            if (addedText > TEXT_BY_PAGE_SIZE * size.pageBytes()) {
                pack();
            }
        } else {
            pack();
            distribute(tail.with(turn, size.encoding()));
        }
    }

    private boolean isBehindAll(TurnPosition position) {
        return added.isEmpty()
                ? tail.isEmpty() || position.isAfter(tail.last())
                : position.isAfter(TurnPosition.of(added.getLast()));
    }

    /**
     * Packs the added turns into the tail, all of them at once. While ingestion catches up, it
     * would be most of the work to deflate the tail again for each of them.
     */
    private void pack() {
        List<TurnBlock.Line> lines = added.stream().map(TurnBlock::line).toList();
        added = new ArrayList<>();
        addedIdentities.clear();
        addedText = 0;
        if (!lines.isEmpty()) {
            distribute(tail.with(lines, size.encoding()));
        }
    }

    /** Replaces all turns that are in no page, and seals them if they do not fit. */
    void setTail(List<Turn> turns) {
        added = new ArrayList<>();
        addedIdentities.clear();
        addedText = 0;
        distribute(TurnBlock.of(turns, size.encoding()));
    }

    /**
     * Puts turns into the tail. If they do not fit, they are sealed. All of them are, so that the
     * tail takes as many turns as possible until it is sealed again. But if so many turns arrive at
     * once that they would fill a tail alone, the last of them stays in the tail. The next turns
     * may be as many, and only turns after the beginning of a stored tail may be added to a page.
     *
     * @param all the turns that are in no page
     */
    private void distribute(TurnBlock all) {
        TurnBlock left = all;
        int maxBytes = size.tailBytes(headBytes.getAsInt());
        boolean sealsAll = all.isEmpty() || all.bytes() / all.size() * count <= maxBytes;
        while (left.bytes() > maxBytes) {
            List<TurnBlock.Line> lines = left.lines();
            TurnBlock page =
                    sealsAll || lines.size() == 1
                            ? size.fullPage(lines, left)
                            : size.fullPage(lines.subList(0, lines.size() - 1));
            List<TurnBlock.Line> rest = lines.subList(page.size(), lines.size());
            Instant following = rest.isEmpty() ? page.last().at() : rest.getFirst().position().at();
            pages.seal(page, following);
            left = TurnBlock.EMPTY.with(rest, size.encoding());
            maxBytes = size.tailBytes(headBytes.getAsInt());
        }
        tail = left;
    }

    /** Drops all pages and the waiting turns, see {@link PagesDraft#dropped}. */
    void dropPages(boolean hasParts) {
        pack();
        pages = pages.dropped(hasParts);
        waiting = TurnBlock.EMPTY;
    }
}
