package dev.parley.ingest;

import org.jspecify.annotations.Nullable;

/** A record that can never become an event. The message says why and holds no content. */
final class UndecodableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UndecodableException(String message) {
        this(message, null);
    }

    UndecodableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
