package dev.parley.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.session.Counters;
import dev.parley.session.Latency;
import dev.parley.session.LatencyBuckets.Bucket;
import dev.parley.session.Totals;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Statistics over a window: the schema {@code Stats} of the OpenAPI document. */
@RegisterForReflection
record StatsView(Instant from, Instant to, String interval, List<Item> items) {

    /** An interval, or the part of it that belongs to one channel. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            Instant start,
            @Nullable String channel,
            long sessions,
            long turnCount,
            Map<String, Long> turnsByRole,
            SessionView.UsageView usage,
            LatencyView latency,
            long errorCount) {

        static Item of(Instant start, @Nullable String channel, Totals totals) {
            Counters counters = totals.counters();
            return new Item(
                    start,
                    channel,
                    totals.sessions(),
                    counters.turns(),
                    SessionView.byRole(counters),
                    SessionView.UsageView.of(counters.usage()),
                    LatencyView.of(counters.latency()),
                    counters.errors());
        }
    }

    /** The latencies of turns. The mean and the percentiles are absent if no turn has a latency. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LatencyView(
            long count,
            long sumMs,
            long maxMs,
            @Nullable Long meanMs,
            @Nullable Long p50Ms,
            @Nullable Long p95Ms,
            @Nullable Long p99Ms,
            List<BucketView> buckets) {

        static LatencyView of(Latency latency) {
            return new LatencyView(
                    latency.count(),
                    latency.sumMs(),
                    latency.maxMs(),
                    orNull(latency.meanMs()),
                    orNull(latency.percentileMs(50)),
                    orNull(latency.percentileMs(95)),
                    orNull(latency.percentileMs(99)),
                    latency.buckets().list().stream()
                            .filter(bucket -> bucket.count() > 0)
                            .map(BucketView::of)
                            .toList());
        }

        private static @Nullable Long orNull(OptionalLong value) {
            return value.isPresent() ? value.getAsLong() : null;
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BucketView(@Nullable Long upToMs, long count) {

        static BucketView of(Bucket bucket) {
            return new BucketView(bucket.upToMs(), bucket.count());
        }
    }
}
