package dev.parley.ingest;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Measures the lag of this instance: the number of records in its partitions that are not committed
 * yet. It requests the offsets from the brokers, because the client's own metric does not change
 * while the consumer is paused, and the lag matters most then. While the brokers don't answer, the
 * lag is unknown (NaN) and {@link #outage} gives the reason.
 */
@Startup
@ApplicationScoped
class ConsumerLag {

    private static final Logger LOG = Logger.getLogger(ConsumerLag.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

    /**
     * The polling thread may be busy with other work. A request that takes longer than this counts
     * as an outage.
     */
    private static final Duration MEASUREMENT_TIMEOUT = Duration.ofSeconds(15);

    private static final String NOT_MEASURED = "not measured yet";

    private final KafkaClientService kafka;
    private final PartitionAssignment partitions;
    private final TopicPartition anyPartition;
    private final MeterRegistry metrics;
    private final Clock clock;
    private final Gauge gauge;
    private final Cancellable measuring;
    private volatile double records = Double.NaN;
    private volatile Backoff.@Nullable Outage outage;

    ConsumerLag(
            KafkaClientService kafka,
            @Identifier(PartitionAssignment.LISTENER) PartitionAssignment partitions,
            @ConfigProperty(name = "mp.messaging.incoming.turns.topic") String topic,
            MeterRegistry metrics,
            Clock clock) {
        this.kafka = kafka;
        this.partitions = partitions;
        this.anyPartition = new TopicPartition(topic, 0);
        this.metrics = metrics;
        this.clock = clock;
        outage = new Backoff.Outage(clock.instant(), NOT_MEASURED);
        gauge =
                Gauge.builder("parley.consumer.lag.records", () -> records)
                        .description("Records of this instance's partitions not committed yet")
                        .strongReference(true)
                        .register(metrics);
        measuring =
                Multi.createFrom()
                        .ticks()
                        .every(INTERVAL)
                        .onOverflow()
                        .drop()
                        .onItem()
                        .transformToUniAndConcatenate(tick -> measure())
                        .subscribe()
                        .with(each -> {});
    }

    @PreDestroy
    void stop() {
        measuring.cancel();
        metrics.remove(gauge);
    }

    /** Returns the outage of the brokers, or empty if they answer. */
    Optional<Backoff.Outage> outage() {
        return Optional.ofNullable(outage);
    }

    /** Measures the lag once; never fails. */
    private Uni<Double> measure() {
        return Uni.createFrom()
                .deferred(this::requestLag)
                .ifNoItem()
                .after(MEASUREMENT_TIMEOUT)
                .fail()
                .invoke(this::succeeded)
                .onFailure()
                .recoverWithItem(this::failed);
    }

    private Uni<Double> requestLag() {
        return Multi.createFrom()
                .iterable(kafka.getConsumers(EventConsumer.CHANNEL))
                .onItem()
                .transformToUniAndConcatenate(consumer -> consumer.runOnPollingThread(this::lag))
                .collect()
                .with(Collectors.summingDouble(Double::doubleValue));
    }

    /**
     * Returns the lag of one consumer, in records. A partition without a committed offset counts
     * from its beginning. A consumer without partitions has the lag 0 if it has joined the group;
     * otherwise its lag is unknown, because it may be about to receive partitions. It sends a
     * request even then, to find out whether the brokers answer.
     */
    private Double lag(Consumer<?, ?> consumer) {
        Set<TopicPartition> assigned = consumer.assignment();
        if (assigned.isEmpty()) {
            consumer.endOffsets(Set.of(anyPartition), REQUEST_TIMEOUT);
            return partitions.isJoined() ? 0.0 : Double.NaN;
        }
        Map<TopicPartition, Long> from =
                new HashMap<>(consumer.beginningOffsets(assigned, REQUEST_TIMEOUT));
        consumer.committed(assigned, REQUEST_TIMEOUT)
                .forEach(
                        (partition, committed) -> {
                            if (committed != null) {
                                from.put(partition, committed.offset());
                            }
                        });
        Map<TopicPartition, Long> ends = consumer.endOffsets(assigned, REQUEST_TIMEOUT);
        return assigned.stream()
                .mapToDouble(
                        partition ->
                                requireNonNull(ends.get(partition))
                                        - requireNonNull(from.get(partition)))
                .sum();
    }

    private void succeeded(double lag) {
        Backoff.Outage over = outage;
        records = lag;
        outage = null;
        if (over != null && !over.reason().equals(NOT_MEASURED)) {
            LOG.infof(
                    "The brokers answer again after %s",
                    Duration.between(over.since(), clock.instant()));
        }
    }

    private double failed(Throwable failure) {
        Backoff.Outage known = outage;
        String message = failure.getMessage();
        String reason = message == null ? failure.getClass().getSimpleName() : message;
        records = Double.NaN;
        outage = new Backoff.Outage(known == null ? clock.instant() : known.since(), reason);
        if (known == null || known.reason().equals(NOT_MEASURED)) {
            LOG.warnf("The brokers don't answer: %s", reason);
        }
        return Double.NaN;
    }
}
