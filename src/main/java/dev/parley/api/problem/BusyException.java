package dev.parley.api.problem;

/**
 * Thrown if a request needs more than the service can give at present. The message is for the
 * client.
 */
public final class BusyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public BusyException(String message) {
        super(message, null, false, false);
    }
}
