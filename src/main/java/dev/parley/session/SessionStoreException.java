package dev.parley.session;

import org.jspecify.annotations.Nullable;

/** Why the store could not do what a port asked. The two kinds have different fates. */
public abstract sealed class SessionStoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private SessionStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * The store can't be reached, is throttling, or did not answer in time. Trying again may
     * succeed; a write may have happened all the same, which a repeated one finds out.
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

    /** The store refused the request, and would refuse it again: a defect. */
    public static final class Refused extends SessionStoreException {
        private static final long serialVersionUID = 1;

        public Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
