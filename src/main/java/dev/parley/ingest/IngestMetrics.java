package dev.parley.ingest;

import dev.parley.session.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts every record once: {@code received = applied + duplicate + ignored + dead_lettered + in
 * flight}. A record counts as received each time it is delivered.
 */
@Startup // its metrics exist from the start, at zero
@ApplicationScoped
class IngestMetrics {

    private final Counter received;
    private final Counter applied;
    private final Counter duplicate;
    private final Counter ignored;
    private final Counter deadLettered;
    private final Counter retries;
    private final Counter defects;
    private final Timer lag;
    private final DistributionSummary batch;
    private final DistributionSummary write;
    private final AtomicLong inFlight = new AtomicLong();
    private final Gauge inFlightGauge;
    private final MeterRegistry registry;
    private final Clock clock;

    IngestMetrics(MeterRegistry registry, Clock clock) {
        this.clock = clock;
        received =
                Counter.builder("parley.records.received")
                        .description("Records delivered by Kafka")
                        .register(registry);
        applied = outcome("applied", registry);
        duplicate = outcome("duplicate", registry);
        ignored = outcome("ignored", registry);
        deadLettered = outcome("dead_lettered", registry);
        retries =
                Counter.builder("parley.ingest.retries")
                        .description("Retries of ingestion after a failure")
                        .register(registry);
        defects =
                Counter.builder("parley.ingest.defects")
                        .description("Failures of Parley itself, which no retry fixes")
                        .register(registry);
        lag =
                Timer.builder("parley.event.lag")
                        .description("Time from an event's own time until the event is stored")
                        .register(registry);
        batch =
                DistributionSummary.builder("parley.ingest.batch.records")
                        .description("Records in a batch")
                        .register(registry);
        write =
                DistributionSummary.builder("parley.ingest.write.records")
                        .description("Records of one session in a batch, written together")
                        .register(registry);
        // The gauge has a strong reference and is removed at the end. Otherwise the registry would
        // keep the gauge of the former run after a live reload, and its number no longer exists.
        inFlightGauge =
                Gauge.builder("parley.records.in.flight", inFlight, AtomicLong::get)
                        .description("Records that are received and not settled yet")
                        .strongReference(true)
                        .register(registry);
        this.registry = registry;
    }

    @PreDestroy
    void removeGauge() {
        registry.remove(inFlightGauge);
    }

    void received(int records) {
        received.increment(records);
        inFlight.addAndGet(records);
        batch.record(records);
    }

    /** Counts how many records of one session are written together. */
    void writing(int records) {
        write.record(records);
    }

    long inFlight() {
        return inFlight.get();
    }

    /**
     * Counts the outcome of an event. A rejected event is counted as the dead letter that it
     * becomes.
     */
    void settled(Outcome outcome, Instant occurredAt) {
        switch (outcome) {
            case Outcome.Applied ok -> {
                settled(applied);
                Duration since = Duration.between(occurredAt, clock.instant());
                lag.record(since.isNegative() ? Duration.ZERO : since);
            }
            case Outcome.Duplicate known -> settled(duplicate);
            case Outcome.Ignored late -> settled(ignored);
            case Outcome.Rejected never -> {}
        }
    }

    /** Counts a record that does not affect a session. */
    void ignored() {
        settled(ignored);
    }

    void deadLettered() {
        settled(deadLettered);
    }

    /** Counts a defect. Its records are counted as the dead letters that they become. */
    void defect() {
        defects.increment();
    }

    void retried() {
        retries.increment();
    }

    private void settled(Counter outcome) {
        outcome.increment();
        inFlight.decrementAndGet();
    }

    private static Counter outcome(String outcome, MeterRegistry registry) {
        return Counter.builder("parley.records")
                .description("Records by outcome, each counted once")
                .tag("outcome", outcome)
                .register(registry);
    }
}
