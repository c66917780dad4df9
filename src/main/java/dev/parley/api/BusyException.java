package dev.parley.api;

/** More is asked for than can be given now; its message tells the client so. */
final class BusyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BusyException(String message) {
        super(message, null, false, false);
    }
}
