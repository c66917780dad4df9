package dev.parley.dynamodb.layout;

import dev.parley.session.Counters;
import dev.parley.session.Profile;
import dev.parley.session.Session;
import dev.parley.session.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The content of a session's item: the session as a whole, and its newest turns.
 *
 * @param format how the item is written, or how it was read
 * @param version 0 if there is no item yet
 * @param deletedAt events up to this time are deleted; null if there was no deletion
 * @param rememberedUntil until when the deletion is remembered; null if there was none
 * @param asOf when the newest event in this head happened; null if the head has no content, because
 *     no event has arrived yet or all events were deleted
 * @param endedAt when the newest end of the session happened; null if there was none
 * @param firstTurnAt when the first turn of the session happened; null without turns
 * @param lastTurnAt when the last turn of the session happened; null without turns
 * @param profile what of the profile the head itself contains: all of it, or only what has changed
 *     since the item of the profile was written
 * @param profileItem the item that contains the profile if that is large
 * @param counters counters over all turns, including those in pages
 * @param parts the parts of the texts of large turns
 * @param tail the newest turns
 * @param waiting the waiting turns: late turns that belong to pages and are moved there a few at a
 *     time. If a writer crashed after it wrote the page and before it wrote the head, a turn may be
 *     in both; the higher revision counts
 * @param startMoves where the session was in lists before
 */
public record SessionHead(
        Format format,
        long version,
        @Nullable Instant deletedAt,
        @Nullable Instant rememberedUntil,
        @Nullable Instant asOf,
        @Nullable Instant endedAt,
        @Nullable Instant firstTurnAt,
        @Nullable Instant lastTurnAt,
        Profile profile,
        ProfileItem profileItem,
        Counters counters,
        PageRange pages,
        PartRange parts,
        TurnBlock tail,
        TurnBlock waiting,
        FormerStarts startMoves) {

    /**
     * The pages of a session.
     *
     * @param first number of the first page that still exists
     * @param next number of the page that is begun next. No number is used twice while the head
     *     exists, so that no page of a former life can be mistaken for one of the current life
     * @param sealedUntil when the newest turn in a page happened; unknown, and not needed, if the
     *     tail has turns
     * @param erasingFrom the pages from this number up to the one before {@code first} are to be
     *     erased; null if there are none
     * @param expiredFrom the pages from this number up to the one before {@code first} are of a
     *     former life of the session, which has expired. DynamoDB deletes them, but a deletion of
     *     the session does not wait for that; null if there are none
     * @param sealedAtVersion the version with which turns were last sealed into the newest page; 0
     *     if that is not known
     * @param amendedAtVersion the version with which a late turn was last moved to a page, or a
     *     turn was last revised in a page; 0 if that never happened
     * @param late turns that were put into pages, see {@link RecentTurns}
     * @param newest what the newest pages contain; null if they have not been read yet
     */
    public record PageRange(
            int first,
            int next,
            @Nullable Instant sealedUntil,
            @Nullable Integer erasingFrom,
            @Nullable Integer expiredFrom,
            long sealedAtVersion,
            long amendedAtVersion,
            Fingerprints late,
            @Nullable NewestPages newest) {

        /** The pages of a session that has never had any. */
        public static final PageRange NONE =
                new PageRange(0, 0, null, null, null, 0, 0, Fingerprints.NONE, NewestPages.NONE);

        public boolean isEmpty() {
            return first == next;
        }

        /**
         * Returns the pages of a new life of the session: there are none, and their numbers
         * continue.
         */
        public PageRange expired() {
            int from = PageKey.nextItem(next);
            Integer firstExpired =
                    expiredFrom == null && !isEmpty() ? (Integer) first : expiredFrom;
            return new PageRange(
                    from,
                    from,
                    null,
                    erasingFrom,
                    firstExpired,
                    0,
                    0,
                    Fingerprints.NONE,
                    NewestPages.NONE);
        }

        /**
         * Returns whether a turn with this position may be in a page. All turns in pages are before
         * the tail.
         */
        public boolean mayContain(TurnPosition position, TurnBlock tail) {
            return !isEmpty()
                    && (tail.isEmpty()
                            ? sealedUntil == null || !position.at().isAfter(sealedUntil)
                            : tail.first().isAfter(position));
        }

        /** Returns the pages that an item contains. There is nearly always one. */
        public List<PageKey> pagesIn(int item) {
            return IntStream.range(item, Math.min(item + PageKey.STEP, next))
                    .mapToObj(PageKey::of)
                    .toList();
        }

        /** Returns the number of the item that contains the newest page. There must be a page. */
        public int newestItem() {
            return PageKey.itemNumber(next - 1);
        }

        /**
         * Returns the number of the lowest page that turns of the tail will become a part of: the
         * newest page if there is one, because it may grow.
         */
        public int pageOfTail() {
            return isEmpty() ? next : newestItem();
        }

        PageRange with(@Nullable NewestPages pages) {
            return new PageRange(
                    first,
                    next,
                    sealedUntil,
                    erasingFrom,
                    expiredFrom,
                    sealedAtVersion,
                    amendedAtVersion,
                    late,
                    pages);
        }

        public RecentTurns recentTurns() {
            return new RecentTurns(newest == null ? Fingerprints.NONE : newest.turns(), late);
        }

        public @Nullable GrowingPage growing() {
            return newest == null ? null : newest.growing();
        }

        public PageRange erased() {
            return new PageRange(
                    first,
                    next,
                    sealedUntil,
                    null,
                    expiredFrom,
                    sealedAtVersion,
                    amendedAtVersion,
                    late,
                    newest);
        }
    }

    /**
     * The numbers of {@link TextPart parts}.
     *
     * @param first number of the first part that may still exist
     * @param next number of the next part. No number is used twice while the head exists
     */
    public record PartRange(int first, int next) {

        /** The parts of a session that has never had a large turn. */
        public static final PartRange NONE = new PartRange(0, 0);

        /** Returns whether there is no part any more. */
        public boolean isEmpty() {
            return first == next;
        }
    }

    /**
     * What a writer needs to know of the newest pages.
     *
     * @param turns the turns that were sealed last, see {@link RecentTurns}
     * @param growing the newest page, if more turns may be sealed into it; otherwise null
     */
    public record NewestPages(Fingerprints turns, @Nullable GrowingPage growing) {

        public static final NewestPages NONE = new NewestPages(Fingerprints.NONE, null);
    }

    /**
     * The newest page, which grows: the turns of the tail are sealed into it until it is full.
     *
     * @param follows see {@link TurnPage}; 0 if that is not known
     */
    public record GrowingPage(int number, TurnBlock turns, long follows, Instant expiresAt) {

        /** Returns the page if turns may be sealed into it; otherwise null. */
        public static @Nullable GrowingPage of(StoredPage newest) {
            PageKey key = newest.key();
            TurnPage page = newest.page();
            Long follows = page.follows();
            return key.isSecondOfItem() || page.splits() > 0
                    ? null
                    : new GrowingPage(
                            key.number(),
                            page.turns(),
                            follows == null ? 0 : follows,
                            page.expiresAt());
        }
    }

    /**
     * Returns the whole profile. The head alone must contain it, or its item must have been read.
     */
    public Profile wholeProfile() {
        return switch (profileItem) {
            case ProfileItem.Known known -> known.values().merge(profile);
            case ProfileItem.Unread unread ->
                    throw new IllegalStateException("The item of the profile has not been read");
            case ProfileItem.None none -> profile;
            case ProfileItem.Obsolete obsolete -> profile;
        };
    }

    /** Returns whether the newest pages are known; otherwise they have to be read. */
    public boolean knowsNewestPages() {
        return pages.newest() != null;
    }

    public SessionHead with(NewestPages newest) {
        return with(version, pages.with(newest));
    }

    /**
     * Returns where the newest page ends: where the tail begins. Without a tail, it ends after the
     * moment of the newest turn in a page. The result is null if that is not known.
     */
    public @Nullable TurnPosition endOfPages() {
        Instant sealedUntil = pages.sealedUntil();
        if (!tail.isEmpty()) {
            return tail.first();
        }
        return sealedUntil == null ? null : TurnPosition.startOf(sealedUntil.plusNanos(1));
    }

    /** Returns this head without content, for a new life of the session. */
    public SessionHead expired() {
        return new SessionHead(
                format,
                version,
                null,
                null,
                null,
                null,
                null,
                null,
                Profile.EMPTY,
                profileItem.isReferenced() ? new ProfileItem.Obsolete() : new ProfileItem.None(),
                Counters.NONE,
                pages.expired(),
                parts,
                TurnBlock.EMPTY,
                TurnBlock.EMPTY,
                FormerStarts.NONE);
    }

    /**
     * Returns when the session started: the time of its first turn; without turns, the earliest
     * time that the head contains. It is not simply the time of the earliest event. An update whose
     * values have all been replaced leaves no trace that could be found after a deletion, so the
     * result would depend on the order of arrival.
     */
    Optional<Instant> startedAt() {
        return Optional.ofNullable(firstTurnAt)
                .or(
                        () ->
                                Stream.of(startOfProfile(), Optional.ofNullable(endedAt))
                                        .flatMap(Optional::stream)
                                        .min(Instant::compareTo))
                .or(() -> Optional.ofNullable(asOf));
    }

    private Optional<Instant> startOfProfile() {
        return profileItem instanceof ProfileItem.Unread unread
                ? Optional.ofNullable(unread.startedAt())
                : wholeProfile().earliest();
    }

    /** Returns the time of the last turn; without turns, {@link #asOf}. */
    Optional<Instant> lastActivityAt() {
        return Optional.ofNullable(lastTurnAt).or(() -> Optional.ofNullable(asOf));
    }

    /**
     * Returns whether the session has ended. The newest end counts, unless a turn happened after it
     * by more than the clock skew. Only the newest end and the newest turn count, so that their
     * order of arrival makes no difference.
     *
     * @param skew how much the clocks of publishers may differ
     */
    Session.Status status(Duration skew) {
        boolean ended =
                endedAt != null && (lastTurnAt == null || !lastTurnAt.isAfter(endedAt.plus(skew)));
        return ended ? Session.Status.ENDED : Session.Status.OPEN;
    }

    /**
     * Returns whether a turn in a page may have happened after the moment. All turns in pages are
     * before the tail.
     */
    public boolean hasSealedAfter(Instant moment) {
        Instant sealedUntil = pages.sealedUntil();
        return tail.isEmpty()
                ? sealedUntil == null || sealedUntil.isAfter(moment)
                : tail.first().at().isAfter(moment);
    }

    /** Returns whether a turn with this position may be in a page. */
    public boolean mayHaveInPage(TurnPosition position) {
        return pages.mayContain(position, tail);
    }

    /** Returns whether the turn may be in a page, although its time does not show that. */
    public boolean mayBeInOtherPage(Turn turn) {
        return !pages.isEmpty() && pages.recentTurns().mayHaveFormer(turn);
    }

    /** Returns the revision of each turn that is in the head itself. */
    public Map<Turn.Identity, Long> revisions() {
        Map<Turn.Identity, Long> revisions = new HashMap<>(tail.revisions());
        revisions.putAll(waiting.revisions());
        return revisions;
    }

    /** Returns whether the head alone shows that all turns in pages happened before the moment. */
    public boolean tailBeginsBefore(Instant moment) {
        return !tail.isEmpty() && tail.first().at().isBefore(moment);
    }

    public SessionHead with(long newVersion, PageRange newPages) {
        return with(newVersion, profile, profileItem, counters, newPages, parts, startMoves);
    }

    public SessionHead with(Counters newCounters) {
        return with(version, profile, profileItem, newCounters, pages, parts, startMoves);
    }

    public SessionHead with(FormerStarts newMoves) {
        return with(version, profile, profileItem, counters, pages, parts, newMoves);
    }

    public SessionHead with(Profile newProfile, ProfileItem newItem) {
        return with(version, newProfile, newItem, counters, pages, parts, startMoves);
    }

    /**
     * Returns this head with the item of its profile, if it needs one.
     *
     * @param item the item that was read; empty if there is none any more
     */
    public SessionHead with(Optional<ProfileItem.Known> item) {
        return profileItem instanceof ProfileItem.Unread
                ? with(profile, item.isPresent() ? item.get() : new ProfileItem.None())
                : this;
    }

    /** Returns the head after all that a deletion leaves has been erased. */
    public SessionHead erased() {
        PartRange left = counters.turns() > 0 ? parts : new PartRange(parts.next, parts.next);
        return with(version + 1, profile, profileItem, counters, pages.erased(), left, startMoves);
    }

    private SessionHead with(
            long newVersion,
            Profile newProfile,
            ProfileItem newItem,
            Counters newCounters,
            PageRange newPages,
            PartRange newParts,
            FormerStarts newMoves) {
        return new SessionHead(
                format,
                newVersion,
                deletedAt,
                rememberedUntil,
                asOf,
                endedAt,
                firstTurnAt,
                lastTurnAt,
                newProfile,
                newItem,
                newCounters,
                newPages,
                newParts,
                tail,
                waiting,
                newMoves);
    }
}
