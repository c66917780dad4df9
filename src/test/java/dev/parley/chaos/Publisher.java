package dev.parley.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
final class Publisher implements Callable<Integer> {

    /** Longer than anything is away. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final String bootstrapServers;
    private final List<ProducerRecord<String, String>> records;
    private final LongSupplier done;
    private final int window;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /**
     * @param done how many of them the service is done with
     * @param window how many it may be behind
     */
    Publisher(
            String bootstrapServers,
            List<ProducerRecord<String, String>> records,
            LongSupplier done,
            int window) {
        this.bootstrapServers = bootstrapServers;
        this.records = records;
        this.done = done;
        this.window = window;
    }

    /** Publishes all and tells how many. */
    @Override
    public Integer call() throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            for (int sent = 0; sent < records.size(); sent++) {
                awaitTurn(sent);
                var _ = producer.send(records.get(sent), (written, failed) -> note(failed));
            }
        }
        Exception failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return records.size();
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
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> sent - done.getAsLong() < window);
        }
    }

    private void note(@Nullable Exception failed) {
        if (failed != null) {
            failure.compareAndSet(null, failed);
        }
    }
}
