package dev.parley.dynamodb;

import dev.parley.session.Turn;
import java.time.Instant;
import java.util.Comparator;

/** Where a turn stands in its session: the order of {@link Turn#ORDER}. */
record TurnPosition(Instant at, String turnId) implements Comparable<TurnPosition> {

    private static final Comparator<TurnPosition> ORDER =
            Comparator.comparing(TurnPosition::at).thenComparing(TurnPosition::turnId);

    static TurnPosition of(Turn turn) {
        return new TurnPosition(turn.occurredAt(), turn.id());
    }

    @Override
    public int compareTo(TurnPosition other) {
        return ORDER.compare(this, other);
    }

    boolean isAfter(TurnPosition other) {
        return compareTo(other) > 0;
    }
}
