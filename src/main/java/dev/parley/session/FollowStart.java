package dev.parley.session;

import java.time.Instant;

/** Where the changes of a followed session begin. */
public sealed interface FollowStart {

    /** Begins with some of the last turns, as many as are stored together. */
    record Recent() implements FollowStart {}

    /** Begins with the first turn that happened at that time or later. */
    record At(Instant moment) implements FollowStart {}

    /** Continues after the change that had this cursor. */
    record After(String cursor) implements FollowStart {}
}
