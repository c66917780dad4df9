package dev.parley.session;

import java.time.Instant;

/** Where following a session begins. */
public sealed interface FollowStart {

    /** With the recent turns, those that {@link SessionReader#find} gives. */
    record Recent() implements FollowStart {}

    /** With the first turn that happened at that time or later. */
    record At(Instant moment) implements FollowStart {}

    /** Where it stopped. */
    record After(String cursor) implements FollowStart {}
}
