package dev.parley.session;

import java.util.OptionalLong;

/**
 * Latencies of the turns that tell theirs, in milliseconds.
 *
 * @param maxMs 0 when there are none
 */
public record Latency(long sumMs, long maxMs, LatencyBuckets buckets) {

    public static final Latency NONE = new Latency(0, 0, LatencyBuckets.NONE);

    /** How many there are. */
    public long count() {
        return buckets.count();
    }

    public Latency plus(long ms) {
        return new Latency(sumMs + ms, Math.max(maxMs, ms), buckets.plus(ms));
    }

    /**
     * These without one that is in them. The greatest stays, even if it was that one: what comes
     * second is not known here.
     */
    Latency minus(long ms) {
        return new Latency(sumMs - ms, maxMs, buckets.minus(ms));
    }

    /** The same with another greatest one. */
    Latency withMaxMs(long ms) {
        return new Latency(sumMs, ms, buckets);
    }

    /** These and others together. */
    public Latency plus(Latency other) {
        return new Latency(
                sumMs + other.sumMs, Math.max(maxMs, other.maxMs), buckets.plus(other.buckets));
    }

    /** The mean, rounded to whole milliseconds; empty when there are none. */
    public OptionalLong meanMs() {
        long count = count();
        return count == 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.round((double) sumMs / count));
    }

    /**
     * The latency that so many per cent don't pass, rounded to whole milliseconds: right to the
     * width of its bucket, in which it is interpolated, and never above {@link #maxMs}.
     *
     * @param percent above 0 up to 100, as 50 for the median
     * @return empty when there are none
     * @throws IllegalArgumentException if the percentage is not in that range
     */
    public OptionalLong percentileMs(double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("a percentile is above 0 up to 100");
        }
        long count = count();
        return count == 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.round(buckets.atRank(percent / 100 * count, maxMs)));
    }
}
