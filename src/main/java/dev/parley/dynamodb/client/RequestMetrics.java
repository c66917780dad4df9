package dev.parley.dynamodb.client;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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

    private record Meters(Counter units, Timer time) {}

    private final Map<Operation, Meters> meters = new EnumMap<>(Operation.class);

    private volatile long answeredAt = System.nanoTime() - Duration.ofDays(1).toNanos();

    RequestMetrics(MeterRegistry registry) {
        for (Operation operation : Operation.values()) {
            meters.put(
                    operation, new Meters(units(operation, registry), time(operation, registry)));
        }
    }

    private static Counter units(Operation operation, MeterRegistry registry) {
        return Counter.builder("parley.dynamodb.capacity.units")
                .description("Capacity units consumed, indexes included")
                .tag("operation", operation.label())
                .tag("kind", operation.kind())
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
     * Makes the request and records its duration. The returned stage is that of the client, so that
     * cancelling it cancels the request.
     */
    <T> CompletionStage<T> timed(
            Operation operation, Supplier<? extends CompletionStage<T>> request) {
        long start = System.nanoTime();
        CompletionStage<T> response = request.get();
        var _ =
                response.whenComplete(
                        (ok, failed) -> {
                            long now = System.nanoTime();
                            of(operation).time().record(now - start, TimeUnit.NANOSECONDS);
                            if (failed == null) {
                                answeredAt = now;
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

    void consumed(Operation operation, List<ConsumedCapacity> capacities) {
        capacities.forEach(capacity -> consumed(operation, capacity));
    }

    void consumed(Operation operation, @Nullable ConsumedCapacity capacity) {
        if (capacity != null && capacity.capacityUnits() != null) {
            of(operation).units().increment(capacity.capacityUnits());
        }
    }

    private Meters of(Operation operation) {
        return requireNonNull(meters.get(operation));
    }
}
