package dev.parley.dynamodb.plan;

import dev.parley.session.Turn;

/** What became of a turn in a plan, apart from what its event says of the session. */
sealed interface Recorded {

    /** It is new, or a higher revision. */
    Recorded CHANGED = new Changed();

    /** It is a copy, or a former revision. */
    Recorded KNOWN = new Known();

    record Changed() implements Recorded {}

    record Known() implements Recorded {}

    /** It can't be stored. */
    record Impossible(String reason) implements Recorded {}

    /** What a turn does to a draft. */
    @FunctionalInterface
    interface Recording {
        Recorded of(Turn turn);
    }
}
