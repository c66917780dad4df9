package dev.parley.ingest;

import dev.parley.Gate;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
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
    private final UnsettledRecords unsettled;
    private final IngestMetrics metrics;
    private final Backoff topic;
    private final Gate gate;

    DeadLetterWriter(
            DeadLetters deadLetters,
            UnsettledRecords unsettled,
            IngestMetrics metrics,
            IngestConfig config,
            @Identifier(IngestThreads.NAME) Executor threads,
            Clock clock) {
        this.deadLetters = deadLetters;
        this.unsettled = unsettled;
        this.metrics = metrics;
        this.gate = new Gate(CONCURRENCY, threads);
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

    /** Writes a dead letter. Completes when the topic has it; never fails. */
    Uni<Void> write(RejectedRecord rejected) {
        return gate.admit(
                        () ->
                                topic.untilItSucceeds(
                                        Uni.createFrom()
                                                .deferred(
                                                        () ->
                                                                deadLetters.add(
                                                                        rejected.record(),
                                                                        rejected.why()))))
                .invoke(() -> written(rejected));
    }

    private void written(RejectedRecord rejected) {
        metrics.deadLettered();
        unsettled.settled(rejected.record());
        ConsumerRecord<byte[], byte[]> record = rejected.record();
        LOG.warnf(
                "Dead letter: %s-%d@%d: %s",
                record.topic(), record.partition(), record.offset(), rejected.why().getMessage());
    }
}
