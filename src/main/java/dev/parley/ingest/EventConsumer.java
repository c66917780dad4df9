package dev.parley.ingest;

import dev.parley.session.Outcome;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionStoreException;
import dev.parley.session.SessionWriter;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Takes batches of records: one write per session, sessions side by side, then the dead letters,
 * and only then the acknowledgement. It rules on nothing: the decoders say what a record means, the
 * writer what becomes of an event.
 *
 * <p>While the store or the dead-letter topic is away the batch is tried again without end, the
 * consumer pauses behind it, and no offset is committed. Any other failure is a defect: it stops
 * the consumer, committing nothing, and turns liveness down.
 */
@ApplicationScoped
class EventConsumer {

    /** The channel that the topic is configured by. */
    static final String CHANNEL = "turns";

    private static final Logger LOG = Logger.getLogger(EventConsumer.class);

    private final EventDecoders decoders;
    private final SessionWriter sessions;
    private final DeadLetters deadLetters;
    private final IngestMetrics metrics;
    private final IngestConfig config;
    private final WriteSpans spans;
    private final Backoff store;
    private final Backoff deadLetterTopic;
    private volatile boolean ending;

    EventConsumer(
            EventDecoders decoders,
            SessionWriter sessions,
            DeadLetters deadLetters,
            IngestMetrics metrics,
            IngestConfig config,
            WriteSpans spans,
            Clock clock) {
        this.decoders = decoders;
        this.sessions = sessions;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.config = config;
        this.spans = spans;
        this.store =
                new Backoff(
                        "DynamoDB",
                        SessionStoreException.Unavailable.class::isInstance,
                        config,
                        metrics,
                        clock);
        // Whatever is wrong with it, a dead letter that is not kept would be a record lost.
        this.deadLetterTopic =
                new Backoff(
                        "The dead-letter topic",
                        Exception.class::isInstance,
                        config,
                        metrics,
                        clock);
    }

    /** The batch is acknowledged when this completes. */
    @Incoming(CHANNEL)
    Uni<Void> consume(ConsumerRecords<byte[], byte[]> records) {
        if (ending) {
            return Uni.createFrom().nothing();
        }
        metrics.received(records.count());
        Sorted sorted = sort(records);
        return Multi.createFrom()
                .iterable(sorted.bySession().entrySet())
                .onItem()
                .transformToUni(session -> apply(session.getKey(), session.getValue()))
                .merge(config.concurrency())
                .onItem()
                .<Poison>disjoint()
                .collect()
                .asList()
                .chain(rejected -> setAside(sorted.undecodable(), rejected));
    }

    /** An event and the record that brought it. */
    private record Received(ConsumerRecord<byte[], byte[]> record, SessionEvent event) {}

    /** A record that can never be stored. */
    private record Poison(ConsumerRecord<byte[], byte[]> record, UndecodableException why) {}

    /** A batch, sorted by what is to be done with its records. */
    private record Sorted(Map<String, List<Received>> bySession, List<Poison> undecodable) {}

    private Sorted sort(ConsumerRecords<byte[], byte[]> records) {
        Sorted sorted = new Sorted(new LinkedHashMap<>(), new ArrayList<>());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                decoders.decode(new EventRecord(record))
                        .ifPresentOrElse(
                                event ->
                                        sorted.bySession()
                                                .computeIfAbsent(
                                                        event.sessionId(), id -> new ArrayList<>())
                                                .add(new Received(record, event)),
                                metrics::ignored);
            } catch (UndecodableException why) {
                sorted.undecodable().add(new Poison(record, why));
            }
        }
        return sorted;
    }

    /** Applies the events of one session; gives back those that it can never take. */
    private Uni<List<Poison>> apply(String sessionId, List<Received> received) {
        metrics.writing(received.size());
        List<SessionEvent> events = received.stream().map(Received::event).toList();
        return spans.of(
                        sessionId,
                        () -> received.stream().map(Received::record).toList(),
                        store.untilItSucceeds(sessions.apply(sessionId, events)))
                .map(outcomes -> settle(received, outcomes));
    }

    private List<Poison> settle(List<Received> received, List<Outcome> outcomes) {
        List<Poison> rejected = new ArrayList<>();
        for (int i = 0; i < received.size(); i++) {
            Outcome outcome = outcomes.get(i);
            metrics.settled(outcome, received.get(i).event().occurredAt());
            if (outcome instanceof Outcome.Rejected never) {
                rejected.add(
                        new Poison(
                                received.get(i).record(),
                                new UndecodableException(never.reason())));
            }
        }
        return rejected;
    }

    private Uni<Void> setAside(List<Poison> undecodable, List<Poison> rejected) {
        List<Poison> poison = new ArrayList<>(undecodable);
        poison.addAll(rejected);
        return Multi.createFrom()
                .iterable(poison)
                .onItem()
                .transformToUniAndConcatenate(this::setAside)
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private Uni<Void> setAside(Poison poison) {
        ConsumerRecord<byte[], byte[]> record = poison.record();
        return deadLetterTopic
                .untilItSucceeds(deadLetters.add(record, poison.why()))
                .invoke(
                        () -> {
                            metrics.deadLettered();
                            LOG.warnf(
                                    "Dead letter: %s-%d@%d: %s",
                                    record.topic(),
                                    record.partition(),
                                    record.offset(),
                                    poison.why().getMessage());
                        });
    }

    /** Batches that come from now on are neither looked at nor acknowledged. */
    void beginNothingMore() {
        ending = true;
    }

    /** What keeps ingestion from going on, if anything does. */
    Optional<Backoff.Outage> outage() {
        return store.outage().or(deadLetterTopic::outage);
    }
}
