package dev.parley.session;

/** How recent the data that is read must be. */
public enum Consistency {
    /** Mostly up to date, and always complete; at half the price. */
    EVENTUAL,
    /** Up to date with the last write. */
    STRONG
}
