package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.Fingerprints;
import dev.parley.dynamodb.layout.Format;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.RecentTurns;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionHead.GrowingPage;
import dev.parley.dynamodb.layout.SessionHead.NewestPages;
import dev.parley.dynamodb.layout.SessionHead.PageRange;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPage;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A draft of the pages of a session: which there are, and which are to be written. */
final class PagesDraft {

    private final BlockSize size;
    private final Retention retention;
    private final long version;
    private final Format format;
    private final TurnBlock storedTail;
    private final Map<PageKey, TurnPage> changed = new LinkedHashMap<>();
    private final int first;
    private int next;
    private @Nullable Instant sealedUntil;
    private final @Nullable Integer erasingFrom;
    private final @Nullable Integer expiredFrom;
    private long sealedAtVersion;
    private long amendedAtVersion;
    private RecentTurns recent;
    private @Nullable GrowingPage growing;

    /** The last turn that the plan has sealed; null if it has sealed none. */
    private @Nullable TurnPosition lastSealed;

    /**
     * Starts a draft.
     *
     * @param stored the pages according to the stored head
     * @param storedTail the tail of the stored head
     * @param version the version that the plan will be written with
     * @param format the format that it will be written in
     */
    PagesDraft(
            PageRange stored,
            TurnBlock storedTail,
            long version,
            Format format,
            BlockSize size,
            Retention retention) {
        this.size = size;
        this.retention = retention;
        this.version = version;
        this.format = format;
        this.storedTail = storedTail;
        first = stored.first();
        next = stored.next();
        sealedUntil = stored.sealedUntil();
        erasingFrom = stored.erasingFrom();
        expiredFrom = stored.expiredFrom();
        sealedAtVersion = stored.sealedAtVersion();
        amendedAtVersion = stored.amendedAtVersion();
        recent = stored.recentTurns();
        growing = stored.growing();
    }

    /** Returns the pages to write. */
    Map<PageKey, TurnPage> changed() {
        return changed;
    }

    /** Returns the new pages that don't grow any more, and removes them from the draft. */
    Map<PageKey, TurnPage> takeFull() {
        Map<PageKey, TurnPage> full = new LinkedHashMap<>(changed);
        full.keySet().removeIf(key -> key.number() == next - PageKey.STEP);
        changed.keySet().removeAll(full.keySet());
        return full;
    }

    PageRange range() {
        return range(sealedUntil);
    }

    /** Returns the pages without what a head states about them only if it has no tail. */
    PageRange rangeBesideATail() {
        return range(null);
    }

    private PageRange range(@Nullable Instant until) {
        return new PageRange(
                first,
                next,
                until,
                erasingFrom,
                expiredFrom,
                sealedAtVersion,
                amendedAtVersion,
                recent.late(),
                new NewestPages(recent.inOrder(), growing));
    }

    /** Returns the number of pages to write. */
    int size() {
        return changed.size();
    }

    /** Returns whether the session has pages. */
    boolean exist() {
        return first < next;
    }

    /** Returns whether the turn may be in a page, although its time does not show that. */
    boolean mayContain(Turn turn) {
        return exist() && recent.mayHaveFormer(turn);
    }

    /**
     * Remembers late turns that were put into pages.
     *
     * @param listed turns that are now in pages that list them, see {@link #listsItsTurns}
     * @param elsewhere turns that are now in other pages
     */
    void remember(Collection<Turn.Identity> listed, Collection<Turn.Identity> elsewhere) {
        recent = recent.addLate(listed, elsewhere);
    }

    /** Returns whether a writer that begins to write the session reads the page. */
    boolean listsItsTurns(PageKey page) {
        return page.splits().isEmpty() && page.number() >= RecentTurns.firstToRead(next - 1);
    }

    /** Plans to write an existing page, or a split of it. */
    void amend(PageKey key, TurnPage page) {
        TurnPage former = changed.get(key);
        changed.put(key, former == null ? page : page.keptUntil(former.expiresAt()));
        amendedAtVersion = version;
        GrowingPage newest = growing;
        if (newest != null && key.equals(PageKey.of(newest.number()))) {
            growing =
                    page.splits() > 0
                            ? null
                            : new GrowingPage(
                                    newest.number(),
                                    page.turns(),
                                    newest.follows(),
                                    page.expiresAt());
        }
    }

    /** Plans to write a page only to extend its expiry, unless the page changes anyway. */
    void keep(PageKey key, TurnPage page) {
        TurnPage planned = changed.get(key);
        if (planned == null) {
            amend(key, page);
        } else {
            changed.put(key, planned.keptUntil(page.expiresAt()));
        }
    }

    /**
     * Seals turns. They are added to the newest page if that has room for all of them. Otherwise
     * they begin a page. A page is kept as long as the turn that comes after it, so that it never
     * expires before its splits.
     *
     * @param following when the turn after these happened; without one, when the last of these did
     */
    void seal(TurnBlock turns, Instant following) {
        Instant expiresAt = retention.expiryOf(following);
        GrowingPage page = growing;
        TurnBlock grown =
                page != null && mayGrow(page, turns)
                        ? page.turns().with(turns.lines(), size.encoding())
                        : null;
        if (page != null && grown != null && size.fitsPage(grown)) {
            grow(page, grown, expiresAt);
            recent = recent.add(turns.identities());
        } else {
            begin(turns, expiresAt);
        }
        sealedAtVersion = version;
        lastSealed = turns.last();
        sealedUntil = lastSealed.at();
    }

    /** Returns whether the position is after all turns that the plan has sealed. */
    boolean isAfterSealed(TurnPosition position) {
        return lastSealed == null || position.isAfter(lastSealed);
    }

    /**
     * Returns whether turns may be added to the newest page, which may be stored already. If the
     * writer crashes before it writes the head, that page contains turns that don't belong there
     * yet. Readers recognize them because they are not before the tail. So no turn before the
     * stored tail may be added.
     */
    private boolean mayGrow(GrowingPage page, TurnBlock turns) {
        boolean isStored = !isNew(page.number());
        return page.turns().bytes() + turns.bytes() / 2 <= size.pageBytes()
                && (!isStored
                        || (!storedTail.isEmpty() && !storedTail.first().isAfter(turns.first())));
    }

    private boolean isNew(int number) {
        TurnPage planned = changed.get(PageKey.of(number));
        return planned != null && planned.isNew();
    }

    private void grow(GrowingPage page, TurnBlock grown, Instant expiresAt) {
        PageKey key = PageKey.of(page.number());
        TurnPage begun = changed.get(key);
        changed.put(
                key,
                new TurnPage(
                                grown,
                                0,
                                begun == null ? null : begun.before(),
                                page.follows(),
                                page.expiresAt())
                        .keptUntil(expiresAt));
        growing =
                new GrowingPage(page.number(), grown, page.follows(), changed.get(key).expiresAt());
    }

    private void begin(TurnBlock turns, Instant expiresAt) {
        int number = PageKey.nextItem(next);
        long follows = exist() ? sealedAtVersion : 0;
        changed.put(
                PageKey.of(number),
                new TurnPage(turns, 0, recent.before(number, turns, format), follows, expiresAt));
        recent = recent.begin(turns);
        growing = new GrowingPage(number, turns, follows, expiresAt);
        next = number + PageKey.STEP;
    }

    /**
     * Returns the draft without any page. The pages are erased after the head that states this has
     * been written.
     *
     * @param erases whether there is something to erase even if there are no pages
     */
    PagesDraft dropped(boolean erases) {
        Integer erased = erasingFrom;
        if (erased == null) {
            erased = expiredFrom == null && exist() ? (Integer) first : expiredFrom;
        }
        int after = PageKey.nextItem(next);
        if (erased == null && erases) {
            erased = after;
        }
        return new PagesDraft(
                new PageRange(
                        after,
                        after,
                        null,
                        erased,
                        null,
                        0,
                        amendedAtVersion,
                        Fingerprints.NONE,
                        NewestPages.NONE),
                TurnBlock.EMPTY,
                version,
                format,
                size,
                retention);
    }
}
