package dev.parley.session;

/** Thrown for a cursor that was not issued for the list that it is used on. */
public final class InvalidCursorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public InvalidCursorException() {
        super("the cursor was not issued for this list");
    }
}
