package dev.parley.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Publishes each record once, as a platform does, even if the broker fails meanwhile. It waits if
 * the service is too far behind, so that records are published during the whole test.
 */
final class Publisher implements AutoCloseable {

    /** Longer than any outage of the broker. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private final String bootstrapServers;
    private final LongSupplier committed;
    private final int maxUncommitted;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<?> published;

    private Publisher(
            String bootstrapServers,
            List<ProducerRecord<String, String>> records,
            LongSupplier committed,
            int maxUncommitted) {
        this.bootstrapServers = bootstrapServers;
        this.committed = committed;
        this.maxUncommitted = maxUncommitted;
        published = thread.submit(() -> publish(records));
    }

    /**
     * Starts to publish.
     *
     * @param committed returns how many records the service has committed
     * @param maxUncommitted how many records may be published but not committed
     */
    static Publisher start(
            String bootstrapServers,
            List<ProducerRecord<String, String>> records,
            LongSupplier committed,
            int maxUncommitted) {
        return new Publisher(bootstrapServers, records, committed, maxUncommitted);
    }

    /** Waits until the broker has all records. */
    void awaitEnd() throws ExecutionException, InterruptedException {
        published.get();
        Exception failed = failure.get();
        if (failed != null) {
            throw new AssertionError("A record could not be published", failed);
        }
    }

    private void publish(List<ProducerRecord<String, String>> records) {
        try (KafkaProducer<String, String> producer = producer()) {
            for (int sent = 0; sent < records.size(); sent++) {
                awaitService(sent);
                var _ =
                        producer.send(
                                records.get(sent), (metadata, failed) -> recordFailure(failed));
            }
        }
    }

    private KafkaProducer<String, String> producer() {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "acks",
                        "all",
                        "enable.idempotence",
                        true,
                        "delivery.timeout.ms",
                        (int) TIMEOUT.toMillis(),
                        "max.block.ms",
                        TIMEOUT.toMillis(),
                        "linger.ms",
                        5);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private void awaitService(int sent) {
        if (sent - committed.getAsLong() >= maxUncommitted) {
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .pollInterval(POLL_INTERVAL)
                    .until(() -> sent - committed.getAsLong() < maxUncommitted);
        }
    }

    private void recordFailure(@Nullable Exception failed) {
        if (failed != null) {
            failure.compareAndSet(null, failed);
        }
    }

    /** Stops at once, even if not all records are published. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
