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
 * A platform that publishes each record once, whatever happens to the broker, and not faster than
 * the service takes them, so that there is something going on until the end.
 */
final class Publisher implements AutoCloseable {

    /** Longer than anything is away. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final String bootstrapServers;
    private final LongSupplier done;
    private final int window;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final ExecutorService platform = Executors.newSingleThreadExecutor();
    private final Future<?> published;

    private Publisher(
            String bootstrapServers,
            List<ProducerRecord<String, String>> records,
            LongSupplier done,
            int window) {
        this.bootstrapServers = bootstrapServers;
        this.done = done;
        this.window = window;
        published = platform.submit(() -> publish(records));
    }

    /**
     * Starts to publish.
     *
     * @param done how many of the records the service is done with
     * @param window how many it may be behind
     */
    static Publisher start(
            String bootstrapServers,
            List<ProducerRecord<String, String>> records,
            LongSupplier done,
            int window) {
        return new Publisher(bootstrapServers, records, done, window);
    }

    /** Waits until the broker has all of them. */
    void awaitEnd() throws ExecutionException, InterruptedException {
        published.get();
        Exception failed = failure.get();
        if (failed != null) {
            throw new AssertionError("a record could not be published", failed);
        }
    }

    private void publish(List<ProducerRecord<String, String>> records) {
        try (KafkaProducer<String, String> producer = producer()) {
            for (int sent = 0; sent < records.size(); sent++) {
                awaitTurn(sent);
                var _ = producer.send(records.get(sent), (written, failed) -> note(failed));
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
                        (int) PATIENCE.toMillis(),
                        "max.block.ms",
                        PATIENCE.toMillis(),
                        "linger.ms",
                        5);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private void awaitTurn(int sent) {
        if (sent - done.getAsLong() >= window) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(BETWEEN_LOOKS)
                    .until(() -> sent - done.getAsLong() < window);
        }
    }

    private void note(@Nullable Exception failed) {
        if (failed != null) {
            failure.compareAndSet(null, failed);
        }
    }

    /** Stops at once, wherever it is. */
    @Override
    public void close() {
        platform.shutdownNow();
    }
}
