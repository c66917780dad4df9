package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.Fingerprints;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.RecentTurns;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPage;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The turns of a session as they are taken in: its tail, the pages that come out of it, and what
 * waits for a page.
 */
final class TurnsDraft {

    /**
     * What was added is packed when its text is so many times what a block holds: a few blocks at
     * once, since text deflates to a third.
     */
    private static final int TEXT_BY_BLOCK_SIZE = 4;

    private final BlockSize size;
    private final Retention retention;
    private final Map<PageKey, TurnPage> pages = new LinkedHashMap<>();
    private final Set<PageKey> vacant = new LinkedHashSet<>();
    private TurnBlock tail;
    private TurnBlock waiting;

    /** Turns behind the tail that are yet to be packed, and how much text they are. */
    private List<Turn> added = new ArrayList<>();

    private final Set<Turn.Identity> addedIdentities = new HashSet<>();
    private int addedText;
    private int firstPage;
    private int nextPage;
    private @Nullable Instant sealedUntil;
    private @Nullable Integer erasingFrom;
    private @Nullable Integer expiredFrom;
    private long amendedAtVersion;
    private RecentTurns recent;

    TurnsDraft(SessionHead head, BlockSize size, Retention retention) {
        this.size = size;
        this.retention = retention;
        tail = head.tail();
        waiting = head.waiting();
        firstPage = head.pages().first();
        nextPage = head.pages().next();
        sealedUntil = head.pages().sealedUntil();
        erasingFrom = head.pages().erasingFrom();
        expiredFrom = head.pages().expiredFrom();
        amendedAtVersion = head.pages().amendedAtVersion();
        recent = head.pages().recentTurns();
    }

    /** The pages to be written, new ones and changed ones. */
    Map<PageKey, TurnPage> pages() {
        pack();
        return pages;
    }

    /** Writes a page that is there already, or a split of it, with that version of the head. */
    void amend(PageKey key, TurnPage page, long version) {
        pages.merge(key, page, TurnsDraft::expiringLater);
        amendedAtVersion = version;
    }

    private static TurnPage expiringLater(TurnPage former, TurnPage page) {
        return new TurnPage(
                page.turns(),
                page.splits(),
                page.before(),
                HeadDraft.later(former.expiresAt(), page.expiresAt()));
    }

    /** Writes a page for its expiry's sake, unless it changes anyway. */
    void keep(PageKey key, TurnPage page, long version) {
        TurnPage changed = pages.get(key);
        if (changed == null) {
            amend(key, page, version);
        } else {
            pages.put(key, expiringLater(page, changed));
        }
    }

    /** How many pages are to be written so far, but for turns that are yet to be packed. */
    int sealed() {
        return pages.size();
    }

    /** Pages, and numbers of pages that are left out. */
    record Items(Map<PageKey, TurnPage> pages, Set<PageKey> vacant) {}

    /** The new pages of items to which no more are added; they are not given again. */
    Items takeWholeItems() {
        int end = PageKey.itemNumber(nextPage);
        Map<PageKey, TurnPage> whole = new LinkedHashMap<>(pages);
        whole.keySet().removeIf(key -> key.number() >= end);
        Set<PageKey> leftOut = new LinkedHashSet<>(vacant);
        leftOut.removeIf(key -> key.number() >= end);
        pages.keySet().removeAll(whole.keySet());
        vacant.removeAll(leftOut);
        return new Items(whole, leftOut);
    }

    /** Pages whose numbers are left out. */
    Set<PageKey> vacant() {
        pack();
        return vacant;
    }

    SessionHead.PageRange pageRange() {
        pack();
        return new SessionHead.PageRange(
                firstPage,
                nextPage,
                sealedUntil,
                erasingFrom,
                expiredFrom,
                amendedAtVersion,
                recent.late(),
                recent.inOrder());
    }

    TurnBlock tail() {
        pack();
        return tail;
    }

    /** Turns that came late, see {@link SessionHead#waiting}. */
    TurnBlock waiting() {
        return waiting;
    }

    void setWaiting(List<Turn> turns) {
        waiting = TurnBlock.of(turns, size.encoding());
    }

    boolean hasPages() {
        pack();
        return firstPage < nextPage;
    }

    /** Which of the turns of the tail it is; empty if it is none. */
    Optional<Integer> indexOf(Turn.Identity turn) {
        boolean known = addedIdentities.contains(turn) || tail.indexOf(turn).isPresent();
        if (known) {
            pack();
        }
        return known ? tail.indexOf(turn) : Optional.empty();
    }

    /** When a turn of the head itself happened; empty if it is none. */
    Optional<Instant> timeOf(Turn.Identity turn) {
        TurnBlock block = indexOf(turn).isPresent() ? tail : waiting;
        return block.positionOf(turn).map(TurnPosition::at);
    }

    /** Whether a turn may be in a page, though by its time it is not. */
    boolean mayBeElsewhere(Turn turn) {
        return firstPage < nextPage && recent.mayHaveFormer(turn);
    }

    /**
     * Remembers turns that came late into pages.
     *
     * @param inNewest those that are in the newest item now, which tells of them itself
     * @param elsewhere those that are in other items now
     */
    void remember(Collection<Turn.Identity> inNewest, Collection<Turn.Identity> elsewhere) {
        recent = recent.addLate(inNewest, elsewhere);
    }

    /** Whether the page is in the item that was begun last. */
    boolean isInNewestItem(PageKey page) {
        return page.splits().isEmpty()
                && PageKey.itemNumber(page.number()) == PageKey.itemNumber(nextPage - 1);
    }

    /** Whether a turn that stands there may be in a page already: all pages precede the tail. */
    boolean mayBeSealed(TurnPosition position) {
        if (!added.isEmpty() && position.isAfter(TurnPosition.of(added.getLast()))) {
            return false;
        }
        if (!hasPages()) {
            return false;
        }
        return tail.isEmpty()
                ? sealedUntil == null || !position.at().isAfter(sealedUntil)
                : tail.first().isAfter(position);
    }

    /** Puts a turn that no page holds into the tail, sealing what no longer fits. */
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
     * Packs what was added, with the same result as turn by turn, but not each time anew: in
     * catching up that is most of what there is to do.
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
            TurnBlock most = size.mostThatFit(maxBytes(), tail, left, all);
            int sealed = most.isEmpty() ? 1 : most.size() - tail.size();
            if (most.isEmpty()) {
                seal(
                        tail.with(left.subList(0, 1), size.encoding()),
                        left.getFirst().position().at());
            } else {
                seal(most, left.get(sealed).position().at());
            }
            tail = TurnBlock.EMPTY;
            left = left.subList(sealed, left.size());
        }
    }

    /** Puts turns in place of all that no page holds, sealing what doesn't fit. */
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

    /** What waits for its page takes room from the tail. */
    private int maxBytes() {
        int taken = Math.min(waiting.bytes(), size.maxWaitingBytes());
        return (nextPage == 0 ? size.maxFirstBytes() : size.maxBytes()) - taken;
    }

    /** The last becomes the tail, unless it is a turn that is too large for one. */
    private void sealAllButTheLast(List<TurnBlock> blocks) {
        for (int i = 0; i + 1 < blocks.size(); i++) {
            seal(blocks.get(i), blocks.get(i + 1).first().at());
        }
        TurnBlock last = blocks.getLast();
        if (!size.isLarge(last)) {
            tail = last;
        } else {
            seal(last, last.last().at());
            tail = TurnBlock.EMPTY;
        }
    }

    /**
     * A page lives as long as the turn that comes next, so that it never goes before its splits;
     * one that joins an item, whose first page may have splits, a little longer. A turn too large
     * for the tail gets an item of its own.
     */
    private void seal(TurnBlock block, Instant next) {
        boolean large = size.isLarge(block);
        if (large && nextPage != PageKey.nextItem(nextPage)) {
            vacant.add(PageKey.of(nextPage));
            nextPage = PageKey.nextItem(nextPage);
        }
        boolean begins = nextPage == PageKey.nextItem(nextPage);
        Fingerprints before = begins ? recent.before(block) : null;
        Instant expiresAt = retention.expiryOf(next);
        pages.put(
                PageKey.of(nextPage),
                new TurnPage(block, 0, before, begins ? expiresAt : expiresAt.plus(Retention.LAG)));
        recent = begins ? recent.begin(block) : recent.add(block);
        nextPage += large ? PageKey.IN_ITEM : 1;
        sealedUntil = block.last().at();
    }

    /** Forgets all pages, to be erased once the head says so. */
    void dropPages() {
        if (erasingFrom == null) {
            erasingFrom = expiredFrom == null && hasPages() ? (Integer) firstPage : expiredFrom;
        }
        expiredFrom = null;
        nextPage = PageKey.nextItem(nextPage);
        firstPage = nextPage;
        waiting = TurnBlock.EMPTY;
        sealedUntil = null;
        amendedAtVersion = 0;
        recent = RecentTurns.NONE;
    }
}
