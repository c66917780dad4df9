package dev.parley.dynamodb;

import dev.parley.session.Counters;
import dev.parley.session.Profile;
import dev.parley.session.Session;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the item of a session says.
 *
 * @param version 0 when there is no item yet
 * @param asOf when the newest event in here happened; null when there is nothing in here, because
 *     nothing came yet or all of it was deleted
 * @param turns in the order of {@link Turn#ORDER}
 */
record SessionHead(
        long version,
        @Nullable Instant deletedAt,
        @Nullable Instant asOf,
        @Nullable Instant endedAt,
        Profile profile,
        Counters counters,
        List<Turn> turns) {

    static final SessionHead ABSENT = empty(0, null);

    SessionHead {
        turns = List.copyOf(turns);
    }

    static SessionHead empty(long version, @Nullable Instant deletedAt) {
        return new SessionHead(
                version, deletedAt, null, null, Profile.EMPTY, Counters.NONE, List.of());
    }

    /**
     * The first turn's time; without turns, that of the earliest thing known. Not simply the
     * earliest event's: an update that others have replaced leaves no trace to find it by after a
     * deletion, so the result would depend on the order of arrival.
     */
    Optional<Instant> startedAt() {
        return turns.isEmpty()
                ? Stream.of(profile.earliest(), Optional.ofNullable(endedAt))
                        .flatMap(Optional::stream)
                        .min(Instant::compareTo)
                        .or(() -> Optional.ofNullable(asOf))
                : Optional.of(turns.getFirst().occurredAt());
    }

    /** The last turn's time; without turns, {@link #asOf}. */
    Optional<Instant> lastActivityAt() {
        return turns.isEmpty()
                ? Optional.ofNullable(asOf)
                : Optional.of(turns.getLast().occurredAt());
    }

    Session.Status status() {
        Instant end = endedAt;
        boolean over =
                end != null && (turns.isEmpty() || !turns.getLast().occurredAt().isAfter(end));
        return over ? Session.Status.ENDED : Session.Status.OPEN;
    }

    SessionHead withVersion(long newVersion) {
        return new SessionHead(newVersion, deletedAt, asOf, endedAt, profile, counters, turns);
    }
}
