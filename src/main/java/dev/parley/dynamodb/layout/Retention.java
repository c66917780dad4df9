package dev.parley.dynamodb.layout;

import dev.parley.session.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long data is kept, and how much clocks may differ.
 *
 * @param events how long an event counts and a turn is shown, from the time at which it happened
 * @param deletions how long a deletion is remembered at least, so that a replay of the topic does
 *     not restore what was deleted
 * @param skew how much the clocks of publishers may differ
 */
public record Retention(Duration events, Duration deletions, Duration skew) {

    /**
     * How much longer a page is kept than its splits. The page contains the number of splits,
     * without which they can't be found.
     */
    public static final Duration PAGE_LAG = Duration.ofDays(2);

    /**
     * How much longer a head is stored, invisible to readers, after its content has expired.
     * DynamoDB deletes expired items in any order and typically within a few days (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html">Time to
     * Live</a>). The head refers to the pages, so it has to be deleted last. As long as the head
     * exists, a session that begins again continues its versions and its page numbers. Nothing of
     * its former life, such as an ETag, can then be mistaken for something of the new life.
     */
    public static final Duration REMOVAL_DELAY = Duration.ofDays(7);

    public boolean hasExpired(Instant occurredAt, Instant now) {
        return !expiryOf(occurredAt).isAfter(now);
    }

    /**
     * Returns the range of times at which an event must have happened in order not to have expired.
     */
    public TimeRange kept(Instant now) {
        return new TimeRange(now.minus(events).plusNanos(1), Instant.MAX);
    }

    /** Returns when an event expires that happened at the given time. */
    public Instant expiryOf(Instant occurredAt) {
        return occurredAt.plus(events);
    }

    /**
     * Returns until when a deletion is remembered, which is the later of two times. The first is
     * when everything that it deletes has expired: before that, a late event would not be
     * recognized as deleted. The second is when the configured time since the deletion was applied
     * has passed.
     */
    public Instant rememberedUntil(Instant deletedAt, Instant appliedAt) {
        Instant allExpired = expiryOf(deletedAt);
        Instant endOfConfiguredTime = appliedAt.plus(deletions);
        return allExpired.isAfter(endOfConfiguredTime) ? allExpired : endOfConfiguredTime;
    }

    /** Returns when the content of a head expires; empty for a head without content. */
    public Optional<Instant> expiryOf(SessionHead head) {
        return Stream.of(
                        Optional.ofNullable(head.asOf()).map(this::expiryOf),
                        Optional.ofNullable(head.rememberedUntil()))
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }

    /** Returns when DynamoDB may delete the head. */
    public Optional<Instant> removalOf(SessionHead head) {
        return expiryOf(head).map(at -> at.plus(REMOVAL_DELAY));
    }
}
