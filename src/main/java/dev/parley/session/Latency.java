package dev.parley.session;

import java.util.OptionalLong;

/**
 * The latencies, in milliseconds, of the turns that have one.
 *
 * @param sumMs the sum of all latencies
 * @param maxMs the greatest latency; 0 if there are none
 */
public record Latency(long sumMs, long maxMs, LatencyBuckets buckets) {

    public static final Latency NONE = new Latency(0, 0, LatencyBuckets.NONE);

    /** Returns the number of latencies. */
    public long count() {
        return buckets.count();
    }

    public Latency plus(long ms) {
        return new Latency(sumMs + ms, Math.max(maxMs, ms), buckets.plus(ms));
    }

    /**
     * Returns these latencies without one that they contain. The greatest latency stays the same,
     * even if it was that one, because the second greatest is not known here.
     */
    Latency minus(long ms) {
        return new Latency(sumMs - ms, maxMs, buckets.minus(ms));
    }

    /** Returns the same latencies with another greatest one. */
    Latency withMaxMs(long ms) {
        return new Latency(sumMs, ms, buckets);
    }

    /** Returns these latencies and the others together. */
    public Latency plus(Latency other) {
        return new Latency(
                sumMs + other.sumMs, Math.max(maxMs, other.maxMs), buckets.plus(other.buckets));
    }

    /** Returns the mean, rounded to whole milliseconds; empty if there are no latencies. */
    public OptionalLong meanMs() {
        long count = count();
        return count == 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.round((double) sumMs / count));
    }

    /**
     * Returns the latency that the given percentage of the latencies does not exceed, rounded to
     * whole milliseconds. It is interpolated in its bucket, so it is exact up to the width of the
     * bucket, and it is never above {@link #maxMs}.
     *
     * @param percent above 0, up to 100; 50 is the median
     * @return empty if there are no latencies
     * @throws IllegalArgumentException if the percentage is not in that range
     */
    public OptionalLong percentileMs(double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("a percentage must be above 0 and at most 100");
        }
        long count = count();
        return count == 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.round(buckets.atRank(percent / 100 * count, maxMs)));
    }
}
