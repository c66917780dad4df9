package dev.parley.session;

/**
 * The outcome of one event. Each event that is given to a {@link SessionWriter} has exactly one.
 */
public sealed interface Outcome {

    Outcome APPLIED = new Applied();
    Outcome DUPLICATE = new Duplicate();
    Outcome IGNORED = new Ignored();

    /** The event changed the stored session. */
    record Applied() implements Outcome {}

    /** The stored session already contains the event, or a newer revision of it. */
    record Duplicate() implements Outcome {}

    /**
     * The event no longer has an effect: it happened before the session was deleted, or it has
     * expired.
     */
    record Ignored() implements Outcome {}

    /**
     * The event can never be stored. The session is unchanged.
     *
     * @param reason the reason for the publisher; contains no content
     */
    record Rejected(String reason) implements Outcome {}
}
