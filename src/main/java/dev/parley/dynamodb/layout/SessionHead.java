package dev.parley.dynamodb.layout;

import dev.parley.session.Counters;
import dev.parley.session.Profile;
import dev.parley.session.Session;
import dev.parley.session.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the item of a session says: the session as a whole and its newest turns.
 *
 * @param version 0 when there is no item yet
 * @param rememberedUntil how long the deletion is remembered; null where there was none
 * @param asOf when the newest event in here happened; null when there is nothing in here, because
 *     nothing came yet or all of it was deleted
 * @param firstTurnAt when the first turn of all happened; null without turns
 * @param lastTurnAt when the last turn of all happened; null without turns
 * @param counters over all turns, those in pages too
 * @param tail the newest turns
 * @param waiting turns that came late: they belong into pages, to which they are moved some at a
 *     time. One that was moved by someone who died before the head said so may be in both; the
 *     higher revision counts
 * @param startMoves where the session stood in lists before
 */
public record SessionHead(
        long version,
        @Nullable Instant deletedAt,
        @Nullable Instant rememberedUntil,
        @Nullable Instant asOf,
        @Nullable Instant endedAt,
        @Nullable Instant firstTurnAt,
        @Nullable Instant lastTurnAt,
        Profile profile,
        Counters counters,
        PageRange pages,
        TurnBlock tail,
        TurnBlock waiting,
        StartMoves startMoves) {

    /**
     * The pages of a session.
     *
     * @param first number of the first page that is still there
     * @param next number of the page that will be sealed next; a number is never used twice while
     *     the head exists, so that nothing of a former life can be taken for a page of this one
     * @param sealedUntil when the newest turn in a page happened; not known, and of no use, where
     *     the tail has turns
     * @param erasingFrom pages from this one up to the first are to be erased; null if none is
     * @param expiredFrom pages from this one up to the first are of a former life of the session,
     *     which has expired: DynamoDB removes them by itself, but a deletion doesn't wait for that;
     *     null if there are none
     * @param amendedAtVersion the version with which a late turn was last moved to a page, or one
     *     was revised in it; 0 if none ever was
     * @param late turns that came late into pages, see {@link RecentTurns}
     * @param inOrder turns that were sealed last; null if that has yet to be read from the pages
     */
    public record PageRange(
            int first,
            int next,
            @Nullable Instant sealedUntil,
            @Nullable Integer erasingFrom,
            @Nullable Integer expiredFrom,
            long amendedAtVersion,
            Fingerprints late,
            @Nullable Fingerprints inOrder) {

        /** Of a session that has had none. */
        public static final PageRange NONE =
                new PageRange(0, 0, null, null, null, 0, Fingerprints.NONE, Fingerprints.NONE);

        public boolean isEmpty() {
            return first == next;
        }

        /** Of a new life: without a page, going on with the numbers. */
        public PageRange expired() {
            int from = PageKey.nextItem(next);
            Integer remains = expiredFrom == null && !isEmpty() ? (Integer) first : expiredFrom;
            return new PageRange(
                    from,
                    from,
                    null,
                    erasingFrom,
                    remains,
                    0,
                    Fingerprints.NONE,
                    Fingerprints.NONE);
        }

        /** The page that was sealed last. */
        public PageKey newest() {
            return PageKey.of(next - 1);
        }

        PageRange withRecentTurns(Fingerprints sealed) {
            return new PageRange(
                    first,
                    next,
                    sealedUntil,
                    erasingFrom,
                    expiredFrom,
                    amendedAtVersion,
                    late,
                    sealed);
        }

        public RecentTurns recentTurns() {
            return new RecentTurns(inOrder == null ? Fingerprints.NONE : inOrder, late);
        }

        public PageRange amended(long version) {
            return new PageRange(
                    first, next, sealedUntil, erasingFrom, expiredFrom, version, late, inOrder);
        }

        public PageRange erased() {
            return new PageRange(
                    first, next, sealedUntil, null, expiredFrom, amendedAtVersion, late, inOrder);
        }
    }

    /** Whether it is known which turns were sealed last; otherwise the pages tell. */
    public boolean knowsRecentTurns() {
        return pages.inOrder() != null;
    }

    public SessionHead withRecentTurns(Fingerprints inOrder) {
        return with(version, pages.withRecentTurns(inOrder));
    }

    public static SessionHead empty(long version, PageRange pages) {
        return new SessionHead(
                version,
                null,
                null,
                null,
                null,
                null,
                null,
                Profile.EMPTY,
                Counters.NONE,
                pages,
                TurnBlock.EMPTY,
                TurnBlock.EMPTY,
                StartMoves.NONE);
    }

    /**
     * The first turn's time; without turns, that of the earliest thing known. Not simply the
     * earliest event's: an update that others have replaced leaves no trace to find it by after a
     * deletion, so the result would depend on the order of arrival.
     */
    Optional<Instant> startedAt() {
        return Optional.ofNullable(firstTurnAt)
                .or(
                        () ->
                                Stream.of(profile.earliest(), Optional.ofNullable(endedAt))
                                        .flatMap(Optional::stream)
                                        .min(Instant::compareTo))
                .or(() -> Optional.ofNullable(asOf));
    }

    /** The last turn's time; without turns, {@link #asOf}. */
    Optional<Instant> lastActivityAt() {
        return Optional.ofNullable(lastTurnAt).or(() -> Optional.ofNullable(asOf));
    }

    /**
     * Ended by the newest end, unless a turn happened later than that by more than clocks may
     * differ. Only the newest of either counts, so that their order of arrival doesn't matter.
     */
    Session.Status status(Duration skew) {
        boolean over =
                endedAt != null && (lastTurnAt == null || !lastTurnAt.isAfter(endedAt.plus(skew)));
        return over ? Session.Status.ENDED : Session.Status.OPEN;
    }

    /** Whether a turn in a page may have happened after the moment: all pages precede the tail. */
    public boolean hasSealedAfter(Instant moment) {
        Instant sealedUntil = pages.sealedUntil();
        return tail.isEmpty()
                ? sealedUntil == null || sealedUntil.isAfter(moment)
                : tail.first().at().isAfter(moment);
    }

    /** Whether a turn that stands there may be in a page: all pages precede the tail. */
    public boolean hasSealedFrom(TurnPosition position) {
        Instant sealedUntil = pages.sealedUntil();
        return !pages.isEmpty()
                && (tail.isEmpty()
                        ? sealedUntil == null || !position.at().isAfter(sealedUntil)
                        : tail.first().isAfter(position));
    }

    /** Whether a turn may be in a page, though by its time it is not. */
    public boolean mayHaveElsewhere(Turn turn) {
        return !pages.isEmpty() && pages.recentTurns().mayHaveFormer(turn);
    }

    /** The revision of each turn that is in the head itself. */
    public Map<Turn.Identity, Long> revisions() {
        Map<Turn.Identity, Long> revisions = new HashMap<>(tail.revisions());
        revisions.putAll(waiting.revisions());
        return revisions;
    }

    /** Whether all turns in pages happened before the moment, by what the head alone tells. */
    public boolean tailBeginsBefore(Instant moment) {
        return !tail.isEmpty() && tail.first().at().isBefore(moment);
    }

    public SessionHead with(long newVersion, PageRange newPages) {
        return with(newVersion, counters, newPages);
    }

    public SessionHead with(Counters newCounters) {
        return with(version, newCounters, pages);
    }

    private SessionHead with(long newVersion, Counters newCounters, PageRange newPages) {
        return new SessionHead(
                newVersion,
                deletedAt,
                rememberedUntil,
                asOf,
                endedAt,
                firstTurnAt,
                lastTurnAt,
                profile,
                newCounters,
                newPages,
                tail,
                waiting,
                startMoves);
    }

    public SessionHead with(StartMoves newMoves) {
        return new SessionHead(
                version,
                deletedAt,
                rememberedUntil,
                asOf,
                endedAt,
                firstTurnAt,
                lastTurnAt,
                profile,
                counters,
                pages,
                tail,
                waiting,
                newMoves);
    }
}
