package dev.parley.ingest;

import org.jspecify.annotations.Nullable;

/**
 * A failure as it may be logged: its classes and where they were thrown. Messages are left out,
 * since those of libraries quote what they choke on, and that may be what a person said.
 */
final class WithoutMessage extends Throwable {

    private static final long serialVersionUID = 1;

    /** Causes within each other; a longer chain may be a circle. */
    private static final int DEEPEST = 10;

    private final String name;

    WithoutMessage(Throwable failure) {
        this(failure, DEEPEST);
    }

    private WithoutMessage(Throwable failure, int deepest) {
        super(null, cause(failure, deepest), false, true);
        name = failure.getClass().getName();
        setStackTrace(failure.getStackTrace());
    }

    private static @Nullable Throwable cause(Throwable failure, int deepest) {
        Throwable cause = failure.getCause();
        return cause == null || deepest == 0 ? null : new WithoutMessage(cause, deepest - 1);
    }

    /** In the place of this class's own name, which would say nothing. */
    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
        return name;
    }
}
