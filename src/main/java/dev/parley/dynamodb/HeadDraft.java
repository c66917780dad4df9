package dev.parley.dynamodb;

import dev.parley.session.Counters;
import dev.parley.session.Profile;
import dev.parley.session.Turn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A head as it takes in one event after the other. */
final class HeadDraft {

    final TurnsDraft turns;
    @Nullable Instant deletedAt;
    @Nullable Instant rememberedUntil;
    @Nullable Instant asOf;
    @Nullable Instant endedAt;
    @Nullable Instant firstTurnAt;
    @Nullable Instant lastTurnAt;
    Profile profile;
    Counters counters;

    /** Whether the turn that had the greatest latency has a lower one now. */
    boolean lostMaxLatency;

    HeadDraft(SessionHead head, BlockSize size, Retention retention) {
        turns = new TurnsDraft(head, size, retention);
        deletedAt = head.deletedAt();
        rememberedUntil = head.rememberedUntil();
        asOf = head.asOf();
        endedAt = head.endedAt();
        firstTurnAt = head.firstTurnAt();
        lastTurnAt = head.lastTurnAt();
        profile = head.profile();
        counters = head.counters();
    }

    /** The head, which takes over its moves in lists when it is written. */
    SessionHead toHead(long version) {
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
                turns.pageRange(),
                turns.tail(),
                StartMoves.NONE);
    }

    /** Counts a turn that was not there before. */
    void count(Turn turn) {
        counters = counters.plus(turn);
        firstTurnAt = earlier(firstTurnAt, turn.occurredAt());
        lastTurnAt = later(lastTurnAt, turn.occurredAt());
    }

    /**
     * Counts a turn in the place of its former revision. A maximum can't be taken back out of the
     * counters, so it must be looked for where the turn may have held it.
     */
    void recount(Turn former, Turn turn) {
        counters = counters.minus(former).plus(turn);
        Long was = former.latencyMs();
        Long is = turn.latencyMs();
        lostMaxLatency |=
                was != null && was == counters.latency().maxMs() && (is == null || is < was);
    }

    static Instant later(@Nullable Instant known, Instant at) {
        return known != null && known.isAfter(at) ? known : at;
    }

    private static Instant earlier(@Nullable Instant known, Instant at) {
        return known != null && known.isBefore(at) ? known : at;
    }
}
