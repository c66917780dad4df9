package dev.parley.api.problem;

/** More is asked for than can be given now; its message tells the client so. */
public final class BusyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public BusyException(String message) {
        super(message, null, false, false);
    }
}
