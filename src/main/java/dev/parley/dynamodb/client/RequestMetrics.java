package dev.parley.dynamodb.client;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;

/** Records the duration and the consumed capacity units of requests, by operation. */
final class RequestMetrics {

    /**
     * Upper bounds of the buckets from which percentiles over all instances are computed. They
     * range from the usual duration of a request to the longest that is allowed. Each bound is one
     * time series for each operation.
     */
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(6)
    };

    private record Meters(Counter units, DistributionSummary items, Timer time) {}

    private final Map<Operation, Meters> meters = new EnumMap<>(Operation.class);

    private volatile long answeredAt = System.nanoTime() - Duration.ofDays(1).toNanos();

    RequestMetrics(MeterRegistry registry) {
        for (Operation operation : Operation.values()) {
            meters.put(
                    operation,
                    new Meters(
                            units(operation, registry),
                            items(operation, registry),
                            time(operation, registry)));
        }
    }

    private static Counter units(Operation operation, MeterRegistry registry) {
        return Counter.builder("parley.dynamodb.capacity.units")
                .description("Capacity units consumed, indexes included")
                .tag("operation", operation.label())
                .tag("kind", operation.kind())
                .register(registry);
    }

    private static DistributionSummary items(Operation operation, MeterRegistry registry) {
        return DistributionSummary.builder("parley.dynamodb.request.items")
                .description("Items that one request reads or writes")
                .tag("operation", operation.label())
                .register(registry);
    }

    private static Timer time(Operation operation, MeterRegistry registry) {
        return Timer.builder("parley.dynamodb.request")
                .description("How long DynamoDB takes for a request, tries again included")
                .tag("operation", operation.label())
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    /**
     * Makes the request and records its duration, its items and its capacity units. The returned
     * stage is that of the client, so that cancelling it cancels the request.
     */
    <T> CompletionStage<T> measured(
            Operation operation,
            int items,
            Supplier<? extends CompletionStage<T>> request,
            ToDoubleFunction<T> units) {
        Meters of = requireNonNull(meters.get(operation));
        of.items().record(items);
        long start = System.nanoTime();
        CompletionStage<T> response = request.get();
        var _ =
                response.whenComplete(
                        (ok, failed) -> {
                            long now = System.nanoTime();
                            of.time().record(now - start, TimeUnit.NANOSECONDS);
                            if (failed == null) {
                                answeredAt = now;
                                of.units().increment(units.applyAsDouble(ok));
                            }
                        });
        return response;
    }

    /**
     * Returns the time since the last successful request; at least one day if there was none yet.
     */
    Duration sinceAnswer() {
        return Duration.ofNanos(System.nanoTime() - answeredAt);
    }

    /** Returns the capacity units of a request that reports them for several tables. */
    static double units(List<ConsumedCapacity> capacities) {
        return capacities.stream().mapToDouble(RequestMetrics::units).sum();
    }

    /** Returns the capacity units of a request; 0 if it does not report any. */
    static double units(@Nullable ConsumedCapacity capacity) {
        return capacity == null || capacity.capacityUnits() == null ? 0 : capacity.capacityUnits();
    }
}
