package dev.parley.session;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if the store could not do what a port requested. The two kinds are handled differently.
 */
public abstract sealed class SessionStoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private SessionStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * The store can't be reached, is throttling, or did not respond in time. Another attempt may
     * succeed. A write may still have happened, which the next attempt detects.
     */
    public static final class Unavailable extends SessionStoreException {
        private static final long serialVersionUID = 1;

        public Unavailable(String message) {
            this(message, null);
        }

        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The store refused the request, and would refuse it again. This is a defect. */
    public static final class Refused extends SessionStoreException {
        private static final long serialVersionUID = 1;

        public Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
