package dev.parley.session;

/** A cursor that was not given out for the list that it is used on. */
public final class InvalidCursorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public InvalidCursorException() {
        super("not a cursor of this list");
    }
}
