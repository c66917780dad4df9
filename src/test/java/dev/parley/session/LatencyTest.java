package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the buckets, the percentiles and the mean of latencies. The seed of the random latencies is
 * printed; {@code -Dparley.seed=…} repeats a run.
 */
class LatencyTest {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int ROUNDS = 2_000;

    private final Random random = new Random(SEED);

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "10, 0",
        "11, 1",
        "20, 1",
        "21, 2",
        "2560, 8",
        "2561, 9",
        "81920, 13",
        "81921, 14",
        "9223372036854775807, 14"
    })
    void plus_ofALatency_countsItInItsBucket(long ms, int bucket) {
        Latency latency = Latency.NONE.plus(ms);

        assertThat(IntStream.range(0, LatencyBuckets.SIZE).filter(i -> count(latency, i) > 0))
                .containsExactly(bucket);
        assertThat(latency.count()).isEqualTo(1);
        assertThat(latency.sumMs()).isEqualTo(ms);
        assertThat(latency.maxMs()).isEqualTo(ms);
    }

    @Test
    void list_ofBuckets_containsTheirBoundsAndCounts() {
        List<LatencyBuckets.Bucket> buckets =
                Latency.NONE.plus(7).plus(8).plus(100_000).buckets().list();

        assertThat(buckets)
                .extracting(LatencyBuckets.Bucket::upToMs)
                .containsExactly(
                        10L, 20L, 40L, 80L, 160L, 320L, 640L, 1_280L, 2_560L, 5_120L, 10_240L,
                        20_480L, 40_960L, 81_920L, null);
        assertThat(buckets)
                .extracting(LatencyBuckets.Bucket::count)
                .containsExactly(2L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L);
    }

    @Test
    void plus_ofOtherLatencies_equalsCountingAllAtOnce() {
        printSeed();
        for (int round = 0; round < ROUNDS; round++) {
            List<Long> all = randomLatencies(0);
            int half = random.nextInt(all.size() + 1);

            Latency merged =
                    counted(all.subList(0, half)).plus(counted(all.subList(half, all.size())));

            assertThat(merged)
                    .as("latencies %s", all)
                    .isEqualTo(counted(all))
                    .hasSameHashCodeAs(counted(all));
        }
    }

    @Test
    void minus_ofALatency_undoesPlusExceptForTheMaximum() {
        printSeed();
        for (int round = 0; round < ROUNDS; round++) {
            Latency before = counted(randomLatencies(0));
            long ms = randomLatency();

            Latency after = before.plus(ms).minus(ms);

            assertThat(after.buckets())
                    .as("after %d ms was added and removed", ms)
                    .isEqualTo(before.buckets());
            assertThat(after.sumMs()).isEqualTo(before.sumMs());
            assertThat(after.maxMs()).isEqualTo(Math.max(ms, before.maxMs()));
        }
    }

    @Test
    void percentile_ofRandomLatencies_isExactUpToTheWidthOfItsBucket() {
        printSeed();
        for (int round = 0; round < ROUNDS; round++) {
            List<Long> sorted = randomLatencies(1).stream().sorted().toList();
            double percent = 100 - random.nextInt(1_000) / 10.0;

            long estimate = counted(sorted).percentileMs(percent).orElseThrow();

            int rank = (int) Math.ceil(percent / 100 * sorted.size());
            long exact = sorted.get(rank - 1);
            assertThat(estimate)
                    .as("percentile %s of the latencies %s", percent, sorted)
                    .isBetween(lowerBound(exact), upperBound(exact))
                    .isLessThanOrEqualTo(sorted.getLast());
        }
    }

    @Test
    void percentile_withinABucket_isInterpolated() {
        Latency latency =
                counted(LongStream.rangeClosed(321, 640).boxed().toList()).plus(1_000).minus(1_000);

        assertThat(latency.percentileMs(25)).hasValue(400);
        assertThat(latency.percentileMs(50)).hasValue(480);
        assertThat(latency.percentileMs(100)).hasValue(640);
    }

    @Test
    void percentile_inTheBucketOfTheMaximum_doesNotExceedTheMaximum() {
        assertThat(Latency.NONE.plus(11).plus(14).percentileMs(50)).hasValue(12);
        assertThat(Latency.NONE.plus(11).plus(14).percentileMs(100)).hasValue(14);
        assertThat(Latency.NONE.plus(90_000).plus(300_000).percentileMs(100)).hasValue(300_000);
    }

    @Test
    void mean_isRounded() {
        assertThat(Latency.NONE.plus(1).plus(2).plus(2).meanMs()).hasValue(2);
    }

    @Test
    void none_hasNoMeanAndNoPercentile() {
        assertThat(Latency.NONE.meanMs()).isEqualTo(OptionalLong.empty());
        assertThat(Latency.NONE.percentileMs(95)).isEqualTo(OptionalLong.empty());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0, 100.1, Double.NaN})
    void percentile_outsideItsRange_isRefused(double percent) {
        assertThatThrownBy(() -> Latency.NONE.percentileMs(percent))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void buckets_withInvalidCounts_areRefused() {
        assertThatThrownBy(() -> LatencyBuckets.of(1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LatencyBuckets.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void printSeed() {
        System.out.printf("LatencyTest: -Dparley.seed=%d%n", SEED);
    }

    private static Latency counted(List<Long> latencies) {
        Latency counted = Latency.NONE;
        for (long ms : latencies) {
            counted = counted.plus(ms);
        }
        return counted;
    }

    private static long count(Latency latency, int bucket) {
        return latency.buckets().count(bucket);
    }

    private List<Long> randomLatencies(int minSize) {
        List<Long> latencies = new ArrayList<>();
        int size = minSize + random.nextInt(60);
        for (int i = 0; i < size; i++) {
            latencies.add(randomLatency());
        }
        return latencies;
    }

    /**
     * Returns a latency of a random magnitude, which is often exactly the upper bound of a bucket.
     */
    private long randomLatency() {
        long bound = 10L << random.nextInt(LatencyBuckets.SIZE);
        return random.nextInt(4) == 0 ? bound : random.nextLong(bound + 1);
    }

    /** Returns the lower bound of the bucket of a latency, without the code under test. */
    private static long lowerBound(long ms) {
        return ms <= 10 ? 0 : upperBound(ms) == Long.MAX_VALUE ? 81_920 : upperBound(ms) / 2;
    }

    private static long upperBound(long ms) {
        long bound = 10;
        while (bound < ms) {
            bound *= 2;
        }
        return bound > 81_920 ? Long.MAX_VALUE : bound;
    }
}
