package dev.parley.ingest;

import dev.parley.Gate;
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
 * sessions in parallel, and writes the records that can never be stored to the dead-letter topic.
 * It decides nothing itself: the decoders determine what a record means, and the writer determines
 * the outcome of an event.
 *
 * <p>While the store is unavailable for a session, its write is retried without end, and no other
 * session waits for it. Any other failure of a write is a defect: all records of that session are
 * written to the dead-letter topic.
 */
@ApplicationScoped
class Settlement {

    private final EventDecoders decoders;
    private final SessionWriter writer;
    private final SessionQueues sessions;
    private final UnsettledRecords unsettled;
    private final DeadLetterWriter deadLetters;
    private final Defects defects;
    private final IngestMetrics metrics;
    private final WriteSpans spans;
    private final Shutdown shutdown;
    private final Executor threads;
    private final Backoff store;
    private final Gate gate;

    Settlement(
            EventDecoders decoders,
            SessionWriter writer,
            UnsettledRecords unsettled,
            DeadLetterWriter deadLetters,
            Defects defects,
            IngestMetrics metrics,
            IngestConfig config,
            WriteSpans spans,
            Shutdown shutdown,
            @Identifier(IngestThreads.NAME) Executor threads,
            Clock clock) {
        this.decoders = decoders;
        this.writer = writer;
        this.sessions = new SessionQueues(this::apply);
        this.unsettled = unsettled;
        this.deadLetters = deadLetters;
        this.defects = defects;
        this.metrics = metrics;
        this.gate = new Gate(config.concurrency(), threads);
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

    /** Returns how many sessions wait for another attempt to write them. */
    int retrying() {
        return store.waiting();
    }

    /** Returns the outage of the store, or empty if there is none. */
    Optional<Backoff.Outage> outage() {
        return store.outage();
    }

    /** Starts to settle records. Completes when they are decoded. */
    Uni<Void> start(List<ConsumerRecord<byte[], byte[]>> records) {
        return Uni.createFrom()
                .item(() -> DecodedBatch.of(records, decoders, defects))
                .runSubscriptionOn(threads)
                .invoke(this::start)
                .replaceWithVoid();
    }

    private void start(DecodedBatch batch) {
        batch.ignored().forEach(this::ignored);
        batch.undecodable().forEach(this::deadLetter);
        batch.bySession().forEach(sessions::add);
    }

    private void ignored(ConsumerRecord<byte[], byte[]> record) {
        metrics.ignored();
        unsettled.settled(record);
    }

    private void deadLetter(RejectedRecord rejected) {
        deadLetters.write(rejected).subscribe().with(written -> {}, defects::settling);
    }

    /** Applies the events of one session, and settles its records. */
    private Uni<Void> apply(SessionRecords session) {
        metrics.writing(session.size());
        return Uni.createFrom()
                .deferred(() -> write(session))
                .runSubscriptionOn(threads)
                .onItemOrFailure()
                .transformToUni(
                        (outcomes, failure) ->
                                failure == null
                                        ? settled(session, outcomes)
                                        : handleDefect(session, failure))
                .onFailure()
                .invoke(defects::settling);
    }

    private Uni<List<Outcome>> write(SessionRecords session) {
        Uni<List<Outcome>> attempt = writer.apply(session.sessionId(), session.events());
        return spans.trace(
                session.sessionId(),
                session::records,
                store.untilItSucceeds(gate.admit(() -> attempt)));
    }

    private Uni<Void> settled(SessionRecords session, List<Outcome> outcomes) {
        List<RejectedRecord> rejected = new ArrayList<>();
        for (int i = 0; i < session.size(); i++) {
            Outcome outcome = outcomes.get(i);
            metrics.settled(outcome, session.events().get(i).occurredAt());
            if (outcome instanceof Outcome.Rejected never) {
                rejected.add(
                        new RejectedRecord(
                                session.record(i), new UndecodableException(never.reason())));
            } else {
                unsettled.settled(session.record(i));
            }
        }
        return deadLetters(rejected);
    }

    private Uni<Void> deadLetters(List<RejectedRecord> rejected) {
        return Multi.createFrom()
                .iterable(rejected)
                .onItem()
                .transformToUniAndMerge(deadLetters::write)
                .onItem()
                .ignoreAsUni();
    }

    /**
     * Handles a write that failed. During a shutdown, parts of the service are already gone, so a
     * failed write is not a defect: its records are delivered again.
     */
    private Uni<Void> handleDefect(SessionRecords session, Throwable defect) {
        if (shutdown.hasBegun()) {
            return Uni.createFrom().nothing();
        }
        UndecodableException why = defects.writing(session, defect);
        return deadLetters(
                session.records().stream().map(record -> new RejectedRecord(record, why)).toList());
    }
}
