package dev.parley.dynamodb.layout;

import dev.parley.dynamodb.read.ListWalk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Where a session stood in the lists before its start moved: earlier by a turn that came late, or
 * later by a deletion that left some turns. A list that is walked in parts needs it to give the
 * session once, and to give it at all ({@link ListWalk}).
 *
 * @param moves the latest first
 */
public record StartMoves(List<Move> moves) {

    public static final StartMoves NONE = new StartMoves(List.of());

    /** Longer than a list is walked. */
    private static final Duration KEPT = Duration.ofDays(1);

    /** Of more moves the first are forgotten: they are paid for with each write. */
    private static final int MOST = 4;

    /**
     * One move.
     *
     * @param from the start before it
     * @param at when it was written, by the clock of whoever wrote it
     */
    public record Move(Instant from, Instant at) {}

    public StartMoves {
        moves = List.copyOf(moves);
    }

    /**
     * The moves of a head that is to replace another one. A session of which nothing was left is
     * another session afterwards, and has none.
     *
     * @param now the time of the write, not that of what happened: it is compared with the times at
     *     which lists are read
     */
    public static StartMoves between(SessionHead before, SessionHead after, Instant now) {
        Optional<Instant> from = before.startedAt();
        Optional<Instant> to = after.startedAt();
        Instant last = before.asOf();
        if (from.isEmpty() || to.isEmpty() || (last != null && to.get().isAfter(last))) {
            return NONE;
        }
        Stream<Move> latest = from.equals(to) ? Stream.of() : Stream.of(new Move(from.get(), now));
        return new StartMoves(
                Stream.concat(latest, before.startMoves().moves().stream())
                        .filter(move -> move.at().isAfter(now.minus(KEPT)))
                        .limit(MOST)
                        .toList());
    }

    boolean isEmpty() {
        return moves.isEmpty();
    }

    public boolean isAnyAfter(Instant moment) {
        return !moves.isEmpty() && moves.getFirst().at().isAfter(moment);
    }

    /** A list of numbers: when and from where, the latest move first. */
    AttributeValue toAttribute() {
        return AttributeValue.fromL(
                moves.stream()
                        .flatMap(move -> Stream.of(move.at(), move.from()))
                        .map(Attributes::time)
                        .toList());
    }

    public static StartMoves of(Map<String, AttributeValue> item) {
        AttributeValue stored = item.get(SessionTable.START_MOVES);
        if (stored == null) {
            return NONE;
        }
        List<Move> moves = new ArrayList<>();
        for (int i = 0; i + 1 < stored.l().size(); i += 2) {
            moves.add(
                    new Move(
                            Attributes.instant(stored.l().get(i + 1)),
                            Attributes.instant(stored.l().get(i))));
        }
        return new StartMoves(moves);
    }
}
