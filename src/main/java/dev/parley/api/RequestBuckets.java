package dev.parley.api;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Counts the durations of requests in buckets, so that percentiles can be calculated over all
 * instances. Each bucket is a time series for each path, status and method that was requested.
 */
final class RequestBuckets {

    private static final String REQUESTS = "http.server.requests";

    private static final double[] BOUNDS =
            Stream.of(5, 10, 20, 50, 100, 250, 500, 1_000, 2_500, 5_000, 20_000)
                    .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
                    .toArray();

    private RequestBuckets() {}

    @Produces
    @Singleton
    static MeterFilter buckets() {
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(
                    Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals(REQUESTS)
                        ? DistributionStatisticConfig.builder()
                                .serviceLevelObjectives(BOUNDS)
                                .build()
                                .merge(config)
                        : config;
            }
        };
    }
}
