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
 * Sees to it that dead letters are kept, many at a time: each is tried again until the topic has
 * it, and counted then.
 */
@ApplicationScoped
class DeadLetterWriter {

    private static final Logger LOG = Logger.getLogger(DeadLetterWriter.class);

    /**
     * Under way at the same time. The topic's producer sends them together, so that they cost a
     * round trip for all of them; more than the 128 that the channel's emitter keeps are refused.
     */
    private static final int CONCURRENCY = 100;

    private final DeadLetters deadLetters;
    private final IngestMetrics metrics;
    private final Backoff topic;

    DeadLetterWriter(
            DeadLetters deadLetters, IngestMetrics metrics, IngestConfig config, Clock clock) {
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        // Whatever is wrong with it, a dead letter that is not kept would be a record lost.
        this.topic =
                new Backoff(
                        "The dead-letter topic",
                        Exception.class::isInstance,
                        config,
                        metrics,
                        clock);
    }

    /** What keeps it from going on, if anything does. */
    Optional<Backoff.Outage> outage() {
        return topic.outage();
    }

    /** Completes when the topic has them all. */
    Uni<Void> write(List<Poison> poison) {
        return Multi.createFrom()
                .iterable(poison)
                .onItem()
                .transformToUni(this::write)
                .merge(CONCURRENCY)
                .onItem()
                .ignoreAsUni();
    }

    private Uni<Void> write(Poison poison) {
        return topic.untilItSucceeds(deadLetters.add(poison.record(), poison.why()))
                .invoke(() -> kept(poison));
    }

    private void kept(Poison poison) {
        metrics.deadLettered();
        ConsumerRecord<byte[], byte[]> record = poison.record();
        LOG.warnf(
                "Dead letter: %s-%d@%d: %s",
                record.topic(), record.partition(), record.offset(), poison.why().getMessage());
    }
}
