package dev.parley.dynamodb.plan;

import dev.parley.session.Turn;

/** The result for a turn in a plan, apart from what its event states about the session. */
sealed interface TurnResult {

    /** The turn is new, or has a higher revision. */
    TurnResult CHANGED = new Changed();

    /** The turn is a duplicate or a former revision. */
    TurnResult KNOWN = new Known();

    record Changed() implements TurnResult {}

    record Known() implements TurnResult {}

    /** The turn can't be stored. */
    record Impossible(String reason) implements TurnResult {}

    /** Stores a turn in a draft. */
    @FunctionalInterface
    interface Recording {
        TurnResult of(Turn turn);
    }
}
