package dev.parley.ingest;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Not ready while the store or the dead-letter topic fails, and says why. It is no reason for a
 * restart: records wait in Kafka.
 */
@Readiness
@ApplicationScoped
class IngestReadiness implements HealthCheck {

    private final EventConsumer consumer;

    IngestReadiness(EventConsumer consumer) {
        this.consumer = consumer;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<Backoff.Outage> outage = consumer.outage();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("Ingestion").status(outage.isEmpty());
        outage.ifPresent(
                now ->
                        response.withData("reason", now.reason())
                                .withData("since", now.since().toString()));
        return response.build();
    }
}
