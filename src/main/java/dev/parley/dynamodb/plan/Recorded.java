package dev.parley.dynamodb.plan;

import dev.parley.session.Turn;

/** The result for a turn in a plan, apart from what its event states about the session. */
sealed interface Recorded {

    /** The turn is new, or has a higher revision. */
    Recorded CHANGED = new Changed();

    /** The turn is a duplicate or a former revision. */
    Recorded KNOWN = new Known();

    record Changed() implements Recorded {}

    record Known() implements Recorded {}

    /** The turn can't be stored. */
    record Impossible(String reason) implements Recorded {}

    /** Stores a turn in a draft. */
    @FunctionalInterface
    interface Recording {
        Recorded of(Turn turn);
    }
}
