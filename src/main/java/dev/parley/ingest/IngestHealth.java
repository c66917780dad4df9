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
 * Reports whether ingestion works, as health checks and as a metric. Ingestion is not part of the
 * readiness: while Kafka is unavailable, readers still get what is stored. It is not a reason for a
 * restart either: the records wait in Kafka.
 */
@Startup // its metrics exist from the start
@ApplicationScoped
class IngestHealth {

    /** The health group of the checks of ingestion. */
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
                        gauge("writes", () -> consumer.outage().isEmpty()),
                        Gauge.builder("parley.ingest.sessions.retrying", consumer::retrying)
                                .description("Sessions that wait for another attempt to write them")
                                .strongReference(true)
                                .register(metrics));
    }

    private Gauge gauge(String part, BooleanSupplier up) {
        return Gauge.builder("parley.ingestion.up", () -> up.getAsBoolean() ? 1 : 0)
                .description("Whether this part of ingestion works: 1 if so, otherwise 0")
                .tag("part", part)
                .strongReference(true)
                .register(metrics);
    }

    @PreDestroy
    void removeGauges() {
        gauges.forEach(metrics::remove);
    }

    /** Checks whether the brokers answer. */
    @Produces
    @ApplicationScoped
    @Wellness
    @HealthGroup(GROUP)
    HealthCheck brokers() {
        return () -> response("Kafka brokers", lag.outage()).build();
    }

    /** Checks whether the group has assigned this instance its share of the partitions. */
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

    /**
     * Checks whether the store and the dead-letter topic accept writes, and whether deferred
     * records can be read again.
     */
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
