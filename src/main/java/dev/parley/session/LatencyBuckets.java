package dev.parley.session;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A histogram of latencies, in milliseconds. The histograms of several sessions can be added. The
 * upper bounds of the buckets, inclusive, are 10, 20, 40 … 81,920 ms, and one more bucket contains
 * all greater latencies. These are the bounds that OpenTelemetry recommends for <a
 * href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">{@code
 * gen_ai.client.operation.duration}</a>. They are part of the stored format: counts with other
 * bounds could not be added.
 */
public final class LatencyBuckets {

    /** The number of buckets. Their numbers begin at 0. */
    public static final int SIZE = 15;

    public static final LatencyBuckets NONE = new LatencyBuckets(new long[SIZE]);

    private static final int LAST = SIZE - 1;
    private static final long FIRST_BOUND_MS = 10;

    /**
     * One bucket.
     *
     * @param upToMs the greatest latency in the bucket, in milliseconds; null for the last bucket
     * @param count the number of latencies in the bucket
     */
    public record Bucket(@Nullable Long upToMs, long count) {}

    /**
     * The counts, which never change. They are an array, because a new one is created with each
     * turn.
     */
    private final long[] counts;

    private LatencyBuckets(long[] counts) {
        this.counts = counts;
    }

    /**
     * Returns buckets with these counts, by number.
     *
     * @throws IllegalArgumentException if there are not {@link #SIZE} counts, or if one is negative
     */
    public static LatencyBuckets of(long... counts) {
        if (counts.length != SIZE || Arrays.stream(counts).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException(
                    "there must be %d counts, and none may be negative".formatted(SIZE));
        }
        return new LatencyBuckets(counts.clone());
    }

    /** Returns the number of latencies in the bucket with that number. */
    public long count(int bucket) {
        return counts[bucket];
    }

    /** Returns the number of latencies in all buckets. */
    public long count() {
        long count = 0;
        for (long each : counts) {
            count += each;
        }
        return count;
    }

    /** Returns all buckets in order, including empty ones. */
    public List<Bucket> list() {
        return IntStream.range(0, SIZE)
                .mapToObj(
                        bucket ->
                                new Bucket(bucket == LAST ? null : upToMs(bucket), counts[bucket]))
                .toList();
    }

    LatencyBuckets plus(long ms) {
        return with(numberOf(ms), 1);
    }

    LatencyBuckets minus(long ms) {
        return with(numberOf(ms), -1);
    }

    LatencyBuckets plus(LatencyBuckets other) {
        long[] sums = counts.clone();
        for (int bucket = 0; bucket < SIZE; bucket++) {
            sums[bucket] += other.counts[bucket];
        }
        return new LatencyBuckets(sums);
    }

    /**
     * Returns the latency of that rank, in milliseconds, as if the latencies of a bucket were
     * distributed evenly between its bounds.
     *
     * @param rank above 0, up to the count of all latencies
     * @param maxMs the greatest latency, which is the upper bound of the bucket that it is in
     */
    double atRank(double rank, long maxMs) {
        long before = 0;
        int bucket = 0;
        while (bucket < LAST && before + counts[bucket] < rank) {
            before += counts[bucket++];
        }
        long from = bucket == 0 ? 0 : upToMs(bucket - 1);
        long to = bucket == LAST ? maxMs : Math.min(maxMs, upToMs(bucket));
        return from + (rank - before) / counts[bucket] * (to - from);
    }

    private LatencyBuckets with(int bucket, int delta) {
        long[] changed = counts.clone();
        changed[bucket] += delta;
        return new LatencyBuckets(changed);
    }

    private static int numberOf(long ms) {
        int bucket = 0;
        while (bucket < LAST && ms > upToMs(bucket)) {
            bucket++;
        }
        return bucket;
    }

    private static long upToMs(int bucket) {
        return FIRST_BOUND_MS << bucket;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LatencyBuckets buckets && Arrays.equals(counts, buckets.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return Arrays.toString(counts);
    }
}
