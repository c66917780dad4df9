package dev.parley.json;

/**
 * Thrown for bytes that are not JSON, or not within {@link JsonLimits}. The message gives the
 * reason and quotes nothing of them.
 */
public final class RefusedJsonException extends Exception {

    private static final long serialVersionUID = 1;

    RefusedJsonException(String message) {
        super(message);
    }
}
