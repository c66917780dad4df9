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
 * A draft of the turns of a session: its tail, the pages that are sealed from it, and the waiting
 * turns.
 */
final class TurnsDraft {

    /**
     * Added turns are packed when their text is this many times as large as a block. That is a few
     * blocks at once, because text deflates to a third.
     */
    private static final int TEXT_BY_BLOCK_SIZE = 4;

    private final BlockSize size;
    private final Retention retention;
    private final Map<PageKey, TurnPage> pages = new LinkedHashMap<>();
    private final Set<PageKey> vacant = new LinkedHashSet<>();
    private TurnBlock tail;
    private TurnBlock waiting;

    /**
     * Turns after the tail that have not been packed yet; their text has {@code addedText}
     * characters.
     */
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

    /** Returns the pages to write, new ones and changed ones. */
    Map<PageKey, TurnPage> pages() {
        pack();
        return pages;
    }

    /** Plans to write an existing page, or a split of it, with that version of the head. */
    void amend(PageKey key, TurnPage page, long version) {
        pages.merge(key, page, TurnsDraft::expiringLater);
        amendedAtVersion = version;
    }

    private static TurnPage expiringLater(TurnPage former, TurnPage page) {
        return new TurnPage(
                page.turns(),
                page.splits(),
                page.before(),
                SessionDraft.later(former.expiresAt(), page.expiresAt()));
    }

    /** Plans to write a page only to extend its expiry, unless the page changes anyway. */
    void keep(PageKey key, TurnPage page, long version) {
        TurnPage changed = pages.get(key);
        if (changed == null) {
            amend(key, page, version);
        } else {
            pages.put(key, expiringLater(page, changed));
        }
    }

    /**
     * Returns how many pages are to be written so far, without turns that have not been packed yet.
     */
    int sealed() {
        return pages.size();
    }

    /** Pages, and pages whose numbers are left out. */
    record Items(Map<PageKey, TurnPage> pages, Set<PageKey> vacant) {}

    /**
     * Returns the new pages of items to which no more pages are added, and removes them from the
     * draft.
     */
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

    /** Returns the pages whose numbers are left out. */
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

    /** Returns the waiting turns, see {@link SessionHead#waiting}. */
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

    /** Returns whether the turn may be in a page, although its time does not show that. */
    boolean mayBeElsewhere(Turn turn) {
        return firstPage < nextPage && recent.mayHaveFormer(turn);
    }

    /**
     * Remembers late turns that were put into pages.
     *
     * @param inNewest turns that are now in the newest item, which lists them itself
     * @param elsewhere turns that are now in other items
     */
    void remember(Collection<Turn.Identity> inNewest, Collection<Turn.Identity> elsewhere) {
        recent = recent.addLate(inNewest, elsewhere);
    }

    /** Returns whether the page is in the item that was begun last. */
    boolean isInNewestItem(PageKey page) {
        return page.splits().isEmpty()
                && PageKey.itemNumber(page.number()) == PageKey.itemNumber(nextPage - 1);
    }

    /**
     * Returns whether a turn with this position may already be in a page. All turns in pages are
     * before the tail.
     */
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
        return (nextPage == 0 ? size.maxFirstBytes() : size.maxBytes()) - taken;
    }

    /**
     * Seals all blocks except the last one. The last one becomes the tail, unless it is a turn that
     * is too large for a tail.
     */
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
     * Seals a block as the next page. A page is kept as long as the turn that comes after it, so
     * that it never expires before its splits. A page that is added to an item is kept a little
     * longer, because the first page of the item may have splits. A turn that is too large for the
     * tail gets a separate item.
     *
     * @param next when the turn after the block happened
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

    /** Drops all pages. They are erased after the head that states this has been written. */
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
