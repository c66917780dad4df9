package dev.parley;

/** The order of Parley's handlers in the router, from first to last. */
public final class RouteOrder {

    /**
     * Makes clients close their connections during the shutdown, before every handler that may
     * answer a request.
     */
    public static final int SHUTDOWN = -2_000;

    /** Saves the Vert.x context of a request, before Quarkus may continue in another one. */
    public static final int SAVE_CONTEXT = -1_002;

    /** Answers failed sign-ins with a page, before {@link #PROBLEMS} answers with a problem. */
    public static final int SIGN_IN_FAILURES = -1_001;

    /**
     * Validates requests and answers failures with problems, before everything that Quarkus does
     * with a request, and after what it does for each response.
     */
    public static final int PROBLEMS = -1_000;

    /** Redirects to the UI, after the validation of the request. */
    public static final int UI = -900;

    /**
     * Restores the context of {@link #SAVE_CONTEXT}. Quarkus determines the sender of a request at
     * -200, and the sender's permissions at -100.
     */
    public static final int RESTORE_CONTEXT = -150;

    private RouteOrder() {}
}
