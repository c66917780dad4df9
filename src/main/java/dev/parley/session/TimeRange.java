package dev.parley.session;

import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of time.
 *
 * @param from its first moment
 * @param to the first moment behind it; not before {@code from}
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

    /** What of this range is not before the moment. */
    public TimeRange notBefore(Instant moment) {
        Instant later = from.isBefore(moment) ? moment : from;
        return new TimeRange(later, later.isAfter(to) ? later : to);
    }
}
