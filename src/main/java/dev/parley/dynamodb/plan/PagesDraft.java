package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.Fingerprints;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.RecentTurns;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPage;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A draft of the pages of a session: which there are, and which are to be written. */
final class PagesDraft {

    private final BlockSize size;
    private final Retention retention;
    private final Map<PageKey, TurnPage> changed = new LinkedHashMap<>();
    private final Set<PageKey> vacant = new LinkedHashSet<>();
    private int first;
    private int next;
    private @Nullable Instant sealedUntil;
    private @Nullable Integer erasingFrom;
    private @Nullable Integer expiredFrom;
    private long amendedAtVersion;
    private RecentTurns recent;

    PagesDraft(SessionHead.PageRange stored, BlockSize size, Retention retention) {
        this.size = size;
        this.retention = retention;
        first = stored.first();
        next = stored.next();
        sealedUntil = stored.sealedUntil();
        erasingFrom = stored.erasingFrom();
        expiredFrom = stored.expiredFrom();
        amendedAtVersion = stored.amendedAtVersion();
        recent = stored.recentTurns();
    }

    /**
     * Pages to write.
     *
     * @param pages new and changed pages
     * @param vacant pages whose numbers are left out
     */
    record Items(Map<PageKey, TurnPage> pages, Set<PageKey> vacant) {}

    /** Returns all pages to write. */
    Items items() {
        return new Items(changed, vacant);
    }

    /**
     * Returns the new pages of items to which no more pages are added, and removes them from the
     * draft.
     */
    Items takeWholeItems() {
        int end = PageKey.itemNumber(next);
        Map<PageKey, TurnPage> whole = new LinkedHashMap<>(changed);
        whole.keySet().removeIf(key -> key.number() >= end);
        Set<PageKey> leftOut = new LinkedHashSet<>(vacant);
        leftOut.removeIf(key -> key.number() >= end);
        changed.keySet().removeAll(whole.keySet());
        vacant.removeAll(leftOut);
        return new Items(whole, leftOut);
    }

    SessionHead.PageRange range() {
        return new SessionHead.PageRange(
                first,
                next,
                sealedUntil,
                erasingFrom,
                expiredFrom,
                amendedAtVersion,
                recent.late(),
                recent.inOrder());
    }

    /** Returns the number of pages to write. */
    int size() {
        return changed.size();
    }

    /** Returns whether the session has pages. */
    boolean exist() {
        return first < next;
    }

    /** Returns whether the session has pages or had some before they were dropped. */
    boolean wereEver() {
        return next > 0;
    }

    /** Returns whether the turn may be in a page, although its time does not show that. */
    boolean mayContain(Turn turn) {
        return exist() && recent.mayHaveFormer(turn);
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
                && PageKey.itemNumber(page.number()) == PageKey.itemNumber(next - 1);
    }

    /** Plans to write an existing page, or a split of it, with that version of the head. */
    void amend(PageKey key, TurnPage page, long version) {
        changed.merge(key, page, PagesDraft::expiringLater);
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
        TurnPage planned = changed.get(key);
        if (planned == null) {
            amend(key, page, version);
        } else {
            changed.put(key, expiringLater(page, planned));
        }
    }

    /**
     * Seals a block as the next page. A page is kept as long as the turn that comes after it, so
     * that it never expires before its splits. A page that is added to an item is kept a little
     * longer, because the first page of the item may have splits. A turn that is too large for the
     * tail gets a separate item.
     *
     * @param following when the turn after the block happened
     */
    void seal(TurnBlock block, Instant following) {
        boolean large = size.isLarge(block);
        if (large && next != PageKey.nextItem(next)) {
            vacant.add(PageKey.of(next));
            next = PageKey.nextItem(next);
        }
        boolean begins = next == PageKey.nextItem(next);
        Fingerprints before = begins ? recent.before(block) : null;
        Instant expiresAt = retention.expiryOf(following);
        changed.put(
                PageKey.of(next),
                new TurnPage(
                        block, 0, before, begins ? expiresAt : expiresAt.plus(Retention.PAGE_LAG)));
        recent = begins ? recent.begin(block) : recent.add(block);
        next += large ? PageKey.PAGES_PER_ITEM : 1;
        sealedUntil = block.last().at();
    }

    /**
     * Drops all pages with that version of the head. They are erased after the head that states
     * this has been written. Another writer may have written the next page for a head that the
     * deletion replaces. It removes this page again, but a replica may still have it when the page
     * is written anew; so pages up to this version may be outdated.
     */
    void drop(long version) {
        if (erasingFrom == null) {
            erasingFrom = expiredFrom == null && exist() ? (Integer) first : expiredFrom;
        }
        expiredFrom = null;
        next = PageKey.nextItem(next);
        first = next;
        sealedUntil = null;
        amendedAtVersion = version;
        recent = RecentTurns.NONE;
    }
}
