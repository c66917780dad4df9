package dev.parley.ingest;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Writes dead letters, many at a time. It retries each one until the dead-letter topic has it, and
 * then counts it.
 */
@ApplicationScoped
class DeadLetterWriter {

    private static final Logger LOG = Logger.getLogger(DeadLetterWriter.class);

    /**
     * How many dead letters are in flight at the same time. The topic's producer sends them
     * together, so they cost one round trip for all of them. The channel's emitter buffers 128
     * messages and refuses more.
     */
    private static final int CONCURRENCY = 100;

    private final DeadLetters deadLetters;
    private final IngestMetrics metrics;
    private final Backoff topic;

    DeadLetterWriter(
            DeadLetters deadLetters, IngestMetrics metrics, IngestConfig config, Clock clock) {
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        // Every failure is retried, because a dead letter that is not written is a lost record.
        this.topic =
                new Backoff(
                        "The dead-letter topic",
                        Exception.class::isInstance,
                        config,
                        metrics,
                        clock);
    }

    /** Returns the outage of the dead-letter topic, or empty if there is none. */
    Optional<Backoff.Outage> outage() {
        return topic.outage();
    }

    /** Writes dead letters. Completes when the topic has all of them. */
    Uni<Void> write(List<RejectedRecord> rejected) {
        return Multi.createFrom()
                .iterable(rejected)
                .onItem()
                .transformToUni(this::write)
                .merge(CONCURRENCY)
                .onItem()
                .ignoreAsUni();
    }

    private Uni<Void> write(RejectedRecord rejected) {
        return topic.untilItSucceeds(deadLetters.add(rejected.record(), rejected.why()))
                .invoke(() -> written(rejected));
    }

    private void written(RejectedRecord rejected) {
        metrics.deadLettered();
        ConsumerRecord<byte[], byte[]> record = rejected.record();
        LOG.warnf(
                "Dead letter: %s-%d@%d: %s",
                record.topic(), record.partition(), record.offset(), rejected.why().getMessage());
    }
}
