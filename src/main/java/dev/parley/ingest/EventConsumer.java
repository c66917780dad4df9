package dev.parley.ingest;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes batches of records and settles each in slices that the heap can bear, one after the other,
 * then what had to be read again, and only then acknowledges the batch.
 *
 * <p>While the store or the dead-letter topic is away that takes as long as it takes: the consumer
 * pauses behind the batch, and no offset is committed.
 */
@ApplicationScoped
class EventConsumer {

    /** The channel that the topic is configured by. */
    static final String CHANNEL = "turns";

    private final Settlement settlement;
    private final DeferredRecords deferredRecords;
    private final DeadLetterWriter deadLetters;
    private final IngestMetrics metrics;
    private final HeapShare heap;
    private final Ending ending;

    EventConsumer(
            Settlement settlement,
            DeferredRecords deferredRecords,
            DeadLetterWriter deadLetters,
            IngestMetrics metrics,
            HeapShare heap,
            Ending ending) {
        this.settlement = settlement;
        this.deferredRecords = deferredRecords;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.heap = heap;
        this.ending = ending;
    }

    /**
     * The batch is acknowledged when this completes; one that comes while the service ends is
     * neither looked at nor acknowledged.
     */
    @Incoming(CHANNEL)
    Uni<Void> consume(ConsumerRecords<byte[], byte[]> records) {
        if (ending.hasBegun()) {
            return Uni.createFrom().nothing();
        }
        metrics.received(records.count());
        List<ConsumerRecord<byte[], byte[]>> held = new ArrayList<>();
        List<ConsumerRecord<byte[], byte[]>> deferred = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            (NotHeld.of(record) == NotHeld.DEFERRED ? deferred : held).add(record);
        }
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().iterable(Slices.of(held, heap.sliceBytes())),
                        deferredRecords.slices(deferred))
                .onItem()
                .transformToUniAndConcatenate(settlement::settle)
                .onItem()
                .ignoreAsUni();
    }

    /** What keeps ingestion from going on, if anything does. */
    Optional<Backoff.Outage> outage() {
        return Stream.of(settlement.outage(), deadLetters.outage(), deferredRecords.outage())
                .flatMap(Optional::stream)
                .findFirst();
    }
}
