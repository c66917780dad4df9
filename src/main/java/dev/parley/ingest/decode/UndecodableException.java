package dev.parley.ingest.decode;

import org.jspecify.annotations.Nullable;

/**
 * Thrown for a record that can never become an event. The message gives the reason and contains no
 * content.
 */
public final class UndecodableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UndecodableException(String message) {
        this(message, null);
    }

    public UndecodableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
