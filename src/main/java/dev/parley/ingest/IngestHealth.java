package dev.parley.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.health.api.HealthGroup;
import io.smallrye.health.api.Wellness;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether events are taken in, as health and as a metric. It is no part of the readiness: readers
 * are served from what is stored while Kafka is away. Nor is it a reason for a restart: records
 * wait in Kafka.
 */
@Startup // its metrics are there from the start
@ApplicationScoped
class IngestHealth {

    /** The name at which the health of ingestion is asked for. */
    private static final String GROUP = "ingestion";

    private final ConsumerLag lag;
    private final PartitionAssignment partitions;
    private final EventConsumer consumer;
    private final MeterRegistry metrics;
    private final List<Gauge> gauges;

    IngestHealth(
            ConsumerLag lag,
            @Identifier(PartitionAssignment.LISTENER) PartitionAssignment partitions,
            EventConsumer consumer,
            MeterRegistry metrics) {
        this.lag = lag;
        this.partitions = partitions;
        this.consumer = consumer;
        this.metrics = metrics;
        gauges =
                List.of(
                        gauge("brokers", () -> lag.outage().isEmpty()),
                        gauge("partitions", partitions::isJoined),
                        gauge("writes", () -> consumer.outage().isEmpty()));
    }

    private Gauge gauge(String part, BooleanSupplier up) {
        return Gauge.builder("parley.ingestion.up", () -> up.getAsBoolean() ? 1 : 0)
                .description("Whether that part of taking events in works: 1, or 0")
                .tag("part", part)
                .strongReference(true)
                .register(metrics);
    }

    @PreDestroy
    void removeGauges() {
        gauges.forEach(metrics::remove);
    }

    /** Whether the brokers answer. */
    @Produces
    @ApplicationScoped
    @Wellness
    @HealthGroup(GROUP)
    HealthCheck brokers() {
        return () -> response("Kafka brokers", lag.outage()).build();
    }

    /** Whether the group has given this instance its share. */
    @Produces
    @ApplicationScoped
    @Wellness
    @HealthGroup(GROUP)
    HealthCheck partitions() {
        return () ->
                HealthCheckResponse.named("Kafka partitions")
                        .status(partitions.isJoined())
                        .withData("assigned", partitions.size())
                        .build();
    }

    /** Whether the store and the dead-letter topic take what comes. */
    @Produces
    @ApplicationScoped
    @Wellness
    @HealthGroup(GROUP)
    HealthCheck writes() {
        return () -> response("Ingestion", consumer.outage()).build();
    }

    private static HealthCheckResponseBuilder response(
            String name, Optional<Backoff.Outage> outage) {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named(name).status(outage.isEmpty());
        outage.ifPresent(
                now ->
                        response.withData("reason", now.reason())
                                .withData("since", now.since().toString()));
        return response;
    }
}
