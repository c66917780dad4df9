package dev.parley.dynamodb;

import dev.parley.session.Counters;
import dev.parley.session.Profile;
import dev.parley.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the item of a session says: the session as a whole and its newest turns.
 *
 * @param version 0 when there is no item yet
 * @param asOf when the newest event in here happened; null when there is nothing in here, because
 *     nothing came yet or all of it was deleted
 * @param firstTurnAt when the first turn of all happened; null without turns
 * @param lastTurnAt when the last turn of all happened; null without turns
 * @param counters over all turns, those in pages too
 * @param tail the newest turns
 */
record SessionHead(
        long version,
        @Nullable Instant deletedAt,
        @Nullable Instant asOf,
        @Nullable Instant endedAt,
        @Nullable Instant firstTurnAt,
        @Nullable Instant lastTurnAt,
        Profile profile,
        Counters counters,
        PageRange pages,
        TurnBlock tail) {

    /**
     * The pages of a session.
     *
     * @param first number of the first page that is still there
     * @param next number of the page that will be sealed next; a number is never used twice while
     *     the head exists, so that nothing of a former life can be taken for a page of this one
     * @param sealedUntil where the newest turn in a page stands; not known, and of no use, where
     *     the tail has turns
     * @param erasingFrom pages from this one up to the first are to be erased; null if none is
     * @param amendedAtVersion the version with which a turn last came late into a page, or was
     *     revised in it; 0 if none ever was
     */
    record PageRange(
            int first,
            int next,
            @Nullable TurnPosition sealedUntil,
            @Nullable Integer erasingFrom,
            long amendedAtVersion) {

        boolean isEmpty() {
            return first == next;
        }

        /** Without a page, going on with the numbers. */
        PageRange emptied() {
            int from = PageKey.nextItem(next);
            return new PageRange(from, from, null, erasingFrom, 0);
        }

        PageRange erased() {
            return new PageRange(first, next, sealedUntil, null, amendedAtVersion);
        }
    }

    static SessionHead empty(long version, PageRange pages) {
        return new SessionHead(
                version,
                null,
                null,
                null,
                null,
                null,
                Profile.EMPTY,
                Counters.NONE,
                pages,
                TurnBlock.EMPTY);
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
    boolean hasSealedAfter(Instant moment) {
        TurnPosition sealedUntil = pages.sealedUntil();
        return tail.isEmpty()
                ? sealedUntil == null || sealedUntil.at().isAfter(moment)
                : tail.first().at().isAfter(moment);
    }

    /** Whether all turns in pages happened before the moment, by what the head alone tells. */
    boolean tailBeginsBefore(Instant moment) {
        return !tail.isEmpty() && tail.first().at().isBefore(moment);
    }

    SessionHead with(long newVersion, PageRange newPages) {
        return with(newVersion, counters, newPages);
    }

    SessionHead with(Counters newCounters) {
        return with(version, newCounters, pages);
    }

    private SessionHead with(long newVersion, Counters newCounters, PageRange newPages) {
        return new SessionHead(
                newVersion,
                deletedAt,
                asOf,
                endedAt,
                firstTurnAt,
                lastTurnAt,
                profile,
                newCounters,
                newPages,
                tail);
    }
}
