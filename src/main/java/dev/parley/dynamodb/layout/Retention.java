package dev.parley.dynamodb.layout;

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
public record Retention(Duration events, Duration deletions, Duration skew) {

    /** How much longer than its splits a page stays, which tells which splits there are. */
    public static final Duration LAG = Duration.ofDays(2);

    /**
     * How much longer than it says anything a head stays, unseen. DynamoDB removes what has expired
     * in any order and typically within a few days (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html">Time to
     * Live</a>): the head, which knows of the pages, goes last. Until then a session that begins
     * anew goes on with its version and its page numbers, so that nothing of its former life, an
     * ETag for one, can be taken for something of the new one.
     */
    public static final Duration REMOVAL = Duration.ofDays(7);

    public boolean hasExpired(Instant occurredAt, Instant now) {
        return !expiryOf(occurredAt).isAfter(now);
    }

    /** When what has not expired happened. */
    public TimeRange kept(Instant now) {
        return new TimeRange(now.minus(events).plusNanos(1), Instant.MAX);
    }

    /** When what happened then expires. */
    public Instant expiryOf(Instant occurredAt) {
        return occurredAt.plus(events);
    }

    /**
     * How long a deletion is remembered: until all that it deletes has expired, too, or what
     * arrives late would not be known as deleted; and as long as is asked for from when it was
     * applied.
     */
    public Instant rememberedUntil(Instant deletedAt, Instant appliedAt) {
        Instant allExpired = expiryOf(deletedAt);
        Instant asLongAsAskedFor = appliedAt.plus(deletions);
        return allExpired.isAfter(asLongAsAskedFor) ? allExpired : asLongAsAskedFor;
    }

    /** When a head of this content says nothing any more; empty for one that says nothing. */
    public Optional<Instant> expiryOf(SessionHead head) {
        return Stream.of(
                        Optional.ofNullable(head.asOf()).map(this::expiryOf),
                        Optional.ofNullable(head.rememberedUntil()))
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }

    /** When DynamoDB may remove it. */
    Optional<Instant> removalOf(SessionHead head) {
        return expiryOf(head).map(at -> at.plus(REMOVAL));
    }
}
