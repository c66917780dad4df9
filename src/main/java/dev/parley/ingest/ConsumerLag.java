package dev.parley.ingest;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * How far this instance is behind: records of its partitions that are not committed yet. The
 * brokers are asked, since the client's own measure stands still while the consumer is paused,
 * which is when it matters.
 */
@Startup
@ApplicationScoped
class ConsumerLag {

    private static final Logger LOG = Logger.getLogger(ConsumerLag.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final KafkaClientService kafka;
    private final MeterRegistry metrics;
    private final Gauge gauge;
    private final Cancellable watching;
    private volatile double records = Double.NaN;

    ConsumerLag(KafkaClientService kafka, MeterRegistry metrics) {
        this.kafka = kafka;
        this.metrics = metrics;
        gauge =
                Gauge.builder("parley.consumer.lag.records", () -> records)
                        .description("Records of this instance's partitions not committed yet")
                        .strongReference(true)
                        .register(metrics);
        watching =
                Multi.createFrom()
                        .ticks()
                        .every(EVERY)
                        .onOverflow()
                        .drop()
                        .onItem()
                        .transformToUniAndConcatenate(tick -> look())
                        .subscribe()
                        .with(lag -> records = lag);
    }

    @PreDestroy
    void stop() {
        watching.cancel();
        metrics.remove(gauge);
    }

    /** Nothing new while the brokers don't answer. */
    private Uni<Long> look() {
        return Multi.createFrom()
                .iterable(kafka.getConsumers(EventConsumer.CHANNEL))
                .onItem()
                .transformToUniAndConcatenate(
                        consumer -> consumer.runOnPollingThread(ConsumerLag::lag))
                .collect()
                .with(Collectors.summingLong(Long::longValue))
                .onFailure()
                .invoke(failure -> LOG.debugf("The lag is not known: %s", failure.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    /** Where nothing is committed yet, the beginning of the partition counts. */
    private static Long lag(Consumer<?, ?> consumer) {
        Set<TopicPartition> assigned = consumer.assignment();
        Map<TopicPartition, Long> from =
                new HashMap<>(consumer.beginningOffsets(assigned, TIMEOUT));
        consumer.committed(assigned, TIMEOUT)
                .forEach(
                        (partition, committed) -> {
                            if (committed != null) {
                                from.put(partition, committed.offset());
                            }
                        });
        Map<TopicPartition, Long> ends = consumer.endOffsets(assigned, TIMEOUT);
        return assigned.stream()
                .mapToLong(
                        partition ->
                                requireNonNull(ends.get(partition))
                                        - requireNonNull(from.get(partition)))
                .sum();
    }
}
