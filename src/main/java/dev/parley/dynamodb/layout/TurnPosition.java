package dev.parley.dynamodb.layout;

import dev.parley.session.Role;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.Comparator;

/**
 * The position of a turn in its session, in the order of {@link Turn#ORDER}.
 *
 * @param sequence 0 if the turn has none
 */
public record TurnPosition(Instant at, long sequence, Role role, String turnId)
        implements Comparable<TurnPosition> {

    private static final Comparator<TurnPosition> ORDER =
            Comparator.comparing(TurnPosition::at)
                    .thenComparingLong(TurnPosition::sequence)
                    .thenComparing(TurnPosition::role)
                    .thenComparing(TurnPosition::turnId);

    private static final Role FIRST_ROLE = Role.SYSTEM;

    public static TurnPosition of(Turn turn) {
        Long sequence = turn.sequence();
        return new TurnPosition(
                turn.occurredAt(), sequence == null ? 0 : sequence, turn.role(), turn.id());
    }

    /**
     * Returns the position before every turn of that moment. Its id is empty, which the id of a
     * turn never is.
     */
    public static TurnPosition startOf(Instant moment) {
        return new TurnPosition(moment, Long.MIN_VALUE, FIRST_ROLE, "");
    }

    public Turn.Identity identity() {
        return new Turn.Identity(turnId, role);
    }

    @Override
    public int compareTo(TurnPosition other) {
        return ORDER.compare(this, other);
    }

    public boolean isAfter(TurnPosition other) {
        return compareTo(other) > 0;
    }
}
