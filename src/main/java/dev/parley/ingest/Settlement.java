package dev.parley.ingest;

import dev.parley.ingest.decode.EventDecoders;
import dev.parley.ingest.decode.UndecodableException;
import dev.parley.session.Outcome;
import dev.parley.session.SessionStoreException;
import dev.parley.session.SessionWriter;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Settles records. It decodes them, writes the records of each session together and several
 * sessions in parallel, and then writes the records that can never be stored to the dead-letter
 * topic. It decides nothing itself: the decoders determine what a record means, and the writer
 * determines the outcome of an event.
 *
 * <p>While the store is unavailable, a write is retried without end. Any other failure of a write
 * is a defect: all records of that session are written to the dead-letter topic.
 */
@ApplicationScoped
class Settlement {

    private final EventDecoders decoders;
    private final SessionWriter sessions;
    private final DeadLetterWriter deadLetters;
    private final Defects defects;
    private final IngestMetrics metrics;
    private final IngestConfig config;
    private final WriteSpans spans;
    private final Shutdown shutdown;
    private final Executor threads;
    private final Backoff store;

    Settlement(
            EventDecoders decoders,
            SessionWriter sessions,
            DeadLetterWriter deadLetters,
            Defects defects,
            IngestMetrics metrics,
            IngestConfig config,
            WriteSpans spans,
            Shutdown shutdown,
            @Identifier(IngestThreads.NAME) Executor threads,
            Clock clock) {
        this.decoders = decoders;
        this.sessions = sessions;
        this.deadLetters = deadLetters;
        this.defects = defects;
        this.metrics = metrics;
        this.config = config;
        this.spans = spans;
        this.shutdown = shutdown;
        this.threads = threads;
        this.store =
                new Backoff(
                        "DynamoDB",
                        SessionStoreException.Unavailable.class::isInstance,
                        config,
                        metrics,
                        clock);
    }

    /** Returns the outage of the store, or empty if there is none. */
    Optional<Backoff.Outage> outage() {
        return store.outage();
    }

    /** Settles records. Completes when all of them are settled. */
    Uni<Void> settle(List<ConsumerRecord<byte[], byte[]>> records) {
        return Uni.createFrom()
                .item(() -> DecodedBatch.of(records, decoders, defects, metrics))
                .runSubscriptionOn(threads)
                .chain(this::settle);
    }

    private Uni<Void> settle(DecodedBatch batch) {
        return Multi.createFrom()
                .iterable(batch.bySession())
                .onItem()
                .transformToUni(this::apply)
                .merge(config.concurrency())
                .onItem()
                .<RejectedRecord>disjoint()
                .collect()
                .asList()
                .chain(
                        rejected -> {
                            List<RejectedRecord> all = new ArrayList<>(batch.undecodable());
                            all.addAll(rejected);
                            return deadLetters.write(all);
                        });
    }

    /** Applies the events of one session. Returns the records that can never be stored. */
    private Uni<List<RejectedRecord>> apply(SessionRecords session) {
        metrics.writing(session.size());
        return Uni.createFrom()
                .deferred(() -> write(session))
                .runSubscriptionOn(threads)
                .onItemOrFailure()
                .transformToUni(
                        (outcomes, failure) ->
                                failure == null
                                        ? Uni.createFrom().item(settled(session, outcomes))
                                        : handleDefect(session, failure));
    }

    private Uni<List<Outcome>> write(SessionRecords session) {
        return spans.trace(
                session.sessionId(),
                session::records,
                store.untilItSucceeds(sessions.apply(session.sessionId(), session.events())));
    }

    private List<RejectedRecord> settled(SessionRecords session, List<Outcome> outcomes) {
        List<RejectedRecord> rejected = new ArrayList<>();
        for (int i = 0; i < session.size(); i++) {
            Outcome outcome = outcomes.get(i);
            metrics.settled(outcome, session.events().get(i).occurredAt());
            if (outcome instanceof Outcome.Rejected never) {
                rejected.add(
                        new RejectedRecord(
                                session.record(i), new UndecodableException(never.reason())));
            }
        }
        return rejected;
    }

    /**
     * Handles a write that failed. During a shutdown, parts of the service are already gone, so a
     * failed write is not a defect: its records are delivered again.
     */
    private Uni<List<RejectedRecord>> handleDefect(SessionRecords session, Throwable defect) {
        if (shutdown.hasBegun()) {
            return Uni.createFrom().nothing();
        }
        UndecodableException why = defects.writing(session, defect);
        return Uni.createFrom()
                .item(
                        session.records().stream()
                                .map(record -> new RejectedRecord(record, why))
                                .toList());
    }
}
