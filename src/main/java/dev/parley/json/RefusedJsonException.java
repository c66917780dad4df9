package dev.parley.json;

/** Bytes that are no JSON that can be kept. The message says why and quotes nothing of them. */
public final class RefusedJsonException extends Exception {

    private static final long serialVersionUID = 1;

    RefusedJsonException(String message) {
        super(message);
    }
}
