package dev.parley.session;

import java.time.Duration;
import java.time.Instant;

/**
 * A range of time.
 *
 * @param from the start, inclusive
 * @param to the end, exclusive; not before {@code from}
 */
public record TimeRange(Instant from, Instant to) {

    public static final TimeRange ALL = new TimeRange(Instant.MIN, Instant.MAX);

    public TimeRange {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("a range can't end before it begins");
        }
    }

    public boolean contains(Instant moment) {
        return !moment.isBefore(from) && moment.isBefore(to);
    }

    public boolean isEmpty() {
        return from.equals(to);
    }

    public Duration length() {
        return Duration.between(from, to);
    }

    /** Returns the part of this range that is not before the moment; empty if there is none. */
    public TimeRange notBefore(Instant moment) {
        Instant later = from.isBefore(moment) ? moment : from;
        return new TimeRange(later, later.isAfter(to) ? later : to);
    }
}
