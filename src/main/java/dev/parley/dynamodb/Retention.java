package dev.parley.dynamodb;

import dev.parley.session.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long things are kept, and how exact their times are.
 *
 * @param events how long after it happened an event counts and a turn is shown
 * @param deletions how long a deletion is remembered, so that a replay of the topic can't bring
 *     back what was deleted
 * @param skew how far clocks of those who publish may be apart
 */
record Retention(Duration events, Duration deletions, Duration skew) {

    boolean hasExpired(Instant occurredAt, Instant now) {
        return !expiryOf(occurredAt).isAfter(now);
    }

    /** When what has not expired happened. */
    TimeRange kept(Instant now) {
        return new TimeRange(now.minus(events).plusNanos(1), Instant.MAX);
    }

    /** When what happened then expires. */
    Instant expiryOf(Instant occurredAt) {
        return occurredAt.plus(events);
    }

    /** When an item of this content may go; empty for an item that says nothing. */
    Optional<Instant> expiryOf(SessionHead head) {
        return Stream.of(
                        Optional.ofNullable(head.asOf()).map(this::expiryOf),
                        Optional.ofNullable(head.deletedAt()).map(at -> at.plus(deletions)))
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }
}
