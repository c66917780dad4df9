package dev.parley.ingest;

import org.jspecify.annotations.Nullable;

/**
 * A failure in a form that may be logged: its exception classes and their stack traces, without the
 * messages. Messages of libraries quote the input that they fail at, and that may be what a person
 * said.
 */
final class RedactedFailure extends Throwable {

    private static final long serialVersionUID = 1;

    /** The greatest number of nested causes. A longer chain may be circular. */
    private static final int MAX_CAUSES = 10;

    private final String name;

    RedactedFailure(Throwable failure) {
        this(failure, MAX_CAUSES);
    }

    private RedactedFailure(Throwable failure, int remaining) {
        super(null, cause(failure, remaining), false, true);
        name = failure.getClass().getName();
        setStackTrace(failure.getStackTrace());
    }

    private static @Nullable Throwable cause(Throwable failure, int remaining) {
        Throwable cause = failure.getCause();
        return cause == null || remaining == 0 ? null : new RedactedFailure(cause, remaining - 1);
    }

    /** Returns the class name of the failure instead of the name of this class. */
    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
        return name;
    }
}
