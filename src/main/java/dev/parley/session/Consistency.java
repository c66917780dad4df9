package dev.parley.session;

/** How new what is read must be. */
public enum Consistency {
    /** Mostly up to date, always whole; at half the price. */
    EVENTUAL,
    /** As of the last write. */
    STRONG
}
