package dev.parley.dynamodb;

import dev.parley.session.Counters;
import dev.parley.session.Profile;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A head as it takes in one event after the other, and the pages that come out of it. */
final class HeadDraft {

    private final BlockSize size;
    private final Retention retention;
    final Map<PageKey, TurnPage> pages = new LinkedHashMap<>();

    /** Pages whose numbers are left out. */
    final Set<PageKey> vacant = new LinkedHashSet<>();

    @Nullable Instant deletedAt;
    @Nullable Instant asOf;
    @Nullable Instant endedAt;
    @Nullable Instant firstTurnAt;
    @Nullable Instant lastTurnAt;
    Profile profile;
    Counters counters;
    TurnBlock tail;

    /** Whether {@link #counters} must be counted anew over all pages. */
    boolean recount;

    private int firstPage;
    private int nextPage;
    private @Nullable TurnPosition sealedUntil;
    private @Nullable Integer erasingFrom;

    HeadDraft(SessionHead head, BlockSize size, Retention retention) {
        this.size = size;
        this.retention = retention;
        deletedAt = head.deletedAt();
        asOf = head.asOf();
        endedAt = head.endedAt();
        firstTurnAt = head.firstTurnAt();
        lastTurnAt = head.lastTurnAt();
        profile = head.profile();
        counters = head.counters();
        tail = head.tail();
        firstPage = head.pages().first();
        nextPage = head.pages().next();
        sealedUntil = head.pages().sealedUntil();
        erasingFrom = head.pages().erasingFrom();
    }

    SessionHead toHead(long version) {
        return new SessionHead(
                version,
                deletedAt,
                asOf,
                endedAt,
                firstTurnAt,
                lastTurnAt,
                profile,
                counters,
                new SessionHead.PageRange(firstPage, nextPage, sealedUntil, erasingFrom),
                tail);
    }

    /** Whether a turn that stands there may be in a page already: all pages precede the tail. */
    boolean mayBeSealed(TurnPosition position) {
        if (!hasPages()) {
            return false;
        }
        return tail.isEmpty()
                ? sealedUntil == null || !position.isAfter(sealedUntil)
                : tail.first().isAfter(position);
    }

    boolean hasPages() {
        return firstPage < nextPage;
    }

    /** Counts a turn that was not there before. */
    void count(Turn turn) {
        counters = counters.plus(turn);
        firstTurnAt = earlier(firstTurnAt, turn.occurredAt());
        lastTurnAt = later(lastTurnAt, turn.occurredAt());
    }

    /**
     * Counts a turn in the place of its former revision. A maximum can't be taken back out of the
     * counters, so they are counted anew where the turn may have held it.
     */
    void recount(Turn former, Turn turn) {
        counters = counters.minus(former).plus(turn);
        recount |= former.latencyMs() != null && former.latencyMs() == counters.latency().maxMs();
    }

    /** Puts a turn that no page holds into the tail, sealing what no longer fits. */
    void add(Turn turn) {
        TurnBlock grown = tail.with(turn, size.encoding());
        if (fits(grown)) {
            tail = grown;
        } else if (tail.isEmpty()) {
            sealAllButTheLast(List.of(grown));
        } else if (TurnPosition.of(turn).isAfter(tail.last())) {
            sealAllButTheLast(List.of(tail, TurnBlock.of(List.of(turn), size.encoding())));
        } else {
            sealAllButTheLast(size.split(grown.turns()));
        }
    }

    /** Puts turns in place of the tail's, sealing what doesn't fit. */
    void setTail(List<Turn> turns) {
        TurnBlock whole = TurnBlock.of(turns, size.encoding());
        tail = TurnBlock.EMPTY;
        if (fits(whole)) {
            tail = whole;
        } else {
            sealAllButTheLast(size.split(turns));
        }
    }

    private boolean fits(TurnBlock block) {
        return !size.isLarge(block) && (nextPage == 0 ? size.fitsFirst(block) : size.fits(block));
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
     * A page lives as long as the turn that comes next, so that it never goes before its splits. A
     * turn too large for the tail gets an item of its own.
     */
    private void seal(TurnBlock block, Instant next) {
        boolean large = size.isLarge(block);
        if (large && nextPage != PageKey.nextItem(nextPage)) {
            vacant.add(PageKey.of(nextPage));
            nextPage = PageKey.nextItem(nextPage);
        }
        pages.put(PageKey.of(nextPage), new TurnPage(block, 0, retention.expiryOf(next)));
        nextPage += large ? PageKey.IN_ITEM : 1;
        sealedUntil = block.last();
    }

    /** Forgets all pages, to be erased once the head says so. */
    void dropPages() {
        if (hasPages() && erasingFrom == null) {
            erasingFrom = firstPage;
        }
        nextPage = PageKey.nextItem(nextPage);
        firstPage = nextPage;
        sealedUntil = null;
    }

    static Instant later(@Nullable Instant known, Instant at) {
        return known != null && known.isAfter(at) ? known : at;
    }

    private static Instant earlier(@Nullable Instant known, Instant at) {
        return known != null && known.isBefore(at) ? known : at;
    }
}
