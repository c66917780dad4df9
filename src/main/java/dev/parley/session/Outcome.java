package dev.parley.session;

/** What became of one event. Each event that a {@link SessionWriter} is given has exactly one. */
public sealed interface Outcome {

    Outcome APPLIED = new Applied();
    Outcome DUPLICATE = new Duplicate();
    Outcome IGNORED = new Ignored();

    /** It changed the stored session. */
    record Applied() implements Outcome {}

    /** The stored session already holds it, or a newer revision of it. */
    record Duplicate() implements Outcome {}

    /** It has nothing to say any more: it is from before the session's deletion, or expired. */
    record Ignored() implements Outcome {}

    /**
     * It can never be stored; the session is unharmed.
     *
     * @param reason for the one who sent it; holds no content
     */
    record Rejected(String reason) implements Outcome {}
}
