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
 * Takes batches of records. It passes each batch on in slices that fit into the heap, one after the
 * other; then the records that had to be read again. It takes the next batch once it has passed on
 * this one, although its records may not be settled yet: so sessions don't wait for each other. But
 * no more records are unsettled than {@link UnsettledRecords} allows.
 *
 * <p>While the store or the dead-letter topic is unavailable, this waits without a limit. The
 * consumer pauses, and no offset of a record is committed before the record is settled.
 */
@ApplicationScoped
class EventConsumer {

    /** The channel that configures the topic. */
    static final String CHANNEL = "turns";

    private final Settlement settlement;
    private final UnsettledRecords unsettled;
    private final DeferredRecords deferredRecords;
    private final DeadLetterWriter deadLetters;
    private final IngestMetrics metrics;
    private final HeapShare heap;
    private final Shutdown shutdown;

    EventConsumer(
            Settlement settlement,
            UnsettledRecords unsettled,
            DeferredRecords deferredRecords,
            DeadLetterWriter deadLetters,
            IngestMetrics metrics,
            HeapShare heap,
            Shutdown shutdown) {
        this.settlement = settlement;
        this.unsettled = unsettled;
        this.deferredRecords = deferredRecords;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.heap = heap;
        this.shutdown = shutdown;
    }

    /**
     * Passes a batch on. A batch that arrives while the service shuts down is not processed, and is
     * delivered again.
     */
    @Incoming(CHANNEL)
    Uni<Void> consume(ConsumerRecords<byte[], byte[]> records) {
        if (shutdown.hasBegun()) {
            return Uni.createFrom().nothing();
        }
        metrics.received(records.count());
        List<ConsumerRecord<byte[], byte[]>> complete = new ArrayList<>();
        List<ConsumerRecord<byte[], byte[]>> deferred = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            (OmittedContent.of(record) == OmittedContent.DEFERRED ? deferred : complete)
                    .add(record);
        }
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom()
                                .iterable(
                                        Slices.of(
                                                complete,
                                                heap.sliceBytes(),
                                                unsettled.maxAdmitted())),
                        deferredRecords.slices(deferred))
                .onItem()
                .transformToUniAndConcatenate(
                        slice -> unsettled.admit(slice).chain(() -> settlement.start(slice)))
                .onItem()
                .ignoreAsUni();
    }

    /** Returns how many sessions wait for another attempt to write them. */
    int retrying() {
        return settlement.retrying();
    }

    /** Returns what blocks ingestion, or empty if nothing does. */
    Optional<Backoff.Outage> outage() {
        return Stream.of(settlement.outage(), deadLetters.outage(), deferredRecords.outage())
                .flatMap(Optional::stream)
                .findFirst();
    }
}
