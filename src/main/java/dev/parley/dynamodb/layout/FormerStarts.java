package dev.parley.dynamodb.layout;

import dev.parley.dynamodb.read.ListProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Where a session was in the lists before its start moved. A late turn moves the start to an
 * earlier time; a deletion that leaves some turns moves it to a later time. A list that is read in
 * several parts needs the moves in order to return the session, and to return it only once ({@link
 * ListProgress}).
 *
 * @param moves the latest first
 */
public record FormerStarts(List<Move> moves) {

    public static final FormerStarts NONE = new FormerStarts(List.of());

    /** How long a move is kept: longer than the time in which a list is read. */
    private static final Duration KEPT_FOR = Duration.ofDays(1);

    /**
     * The maximum number of moves. The oldest ones are dropped, because each write of the head is
     * charged for them.
     */
    private static final int MAX_MOVES = 4;

    /**
     * One move.
     *
     * @param from the start before the move
     * @param at when the move was written, by the clock of the writer
     */
    public record Move(Instant from, Instant at) {}

    public FormerStarts {
        moves = List.copyOf(moves);
    }

    /**
     * Returns the moves for a head that replaces another one. If nothing of the session was left,
     * it is another session afterwards, and has no moves.
     *
     * @param now the time of the write and not of the events, because it is compared with the times
     *     at which lists are read
     */
    public static FormerStarts between(SessionHead before, SessionHead after, Instant now) {
        Optional<Instant> from = before.startedAt();
        Optional<Instant> to = after.startedAt();
        Instant last = before.asOf();
        if (from.isEmpty() || to.isEmpty() || (last != null && to.get().isAfter(last))) {
            return NONE;
        }
        Stream<Move> latest = from.equals(to) ? Stream.of() : Stream.of(new Move(from.get(), now));
        return new FormerStarts(
                Stream.concat(latest, before.startMoves().moves().stream())
                        .filter(move -> move.at().isAfter(now.minus(KEPT_FOR)))
                        .limit(MAX_MOVES)
                        .toList());
    }

    boolean isEmpty() {
        return moves.isEmpty();
    }

    /** Returns whether the start moved after the given moment. */
    public boolean hasMoveAfter(Instant moment) {
        return !moves.isEmpty() && moves.getFirst().at().isAfter(moment);
    }

    /**
     * Returns a list of numbers, the latest move first: when it was written, and the start before
     * it.
     */
    AttributeValue toAttribute() {
        return AttributeValue.fromL(
                moves.stream()
                        .flatMap(move -> Stream.of(move.at(), move.from()))
                        .map(Attributes::time)
                        .toList());
    }

    public static FormerStarts of(Map<String, AttributeValue> item) {
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
        return new FormerStarts(moves);
    }
}
