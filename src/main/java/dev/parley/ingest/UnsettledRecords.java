package dev.parley.ingest;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many records are being settled at the same time, by their number and by their
 * uncompressed bytes. Records of sessions that can't be written remain here until they are written,
 * and those of all other sessions pass them until the limit is reached.
 */
@ApplicationScoped
class UnsettledRecords {

    private final UnsettledOffsets offsets;
    private final int maxRecords;
    private final long maxBytes;
    private int records;
    private long bytes;
    private @Nullable Runnable waiting;

    @Inject
    UnsettledRecords(UnsettledOffsets offsets, IngestConfig config, HeapShare heap) {
        this(offsets, config.maxUnsettled(), heap.unsettledBytes());
    }

    UnsettledRecords(UnsettledOffsets offsets, int maxRecords, long maxBytes) {
        this.offsets = offsets;
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    /**
     * Admits records. Completes when there is room for them. Records that are more than the limits
     * allow are admitted alone. Only one caller may wait at a time.
     */
    Uni<Void> admit(List<ConsumerRecord<byte[], byte[]>> more) {
        long size = more.stream().mapToLong(HeapShare::size).sum();
        return Uni.createFrom().emitter(admitted -> admit(more.size(), size, admitted));
    }

    private void admit(int number, long size, UniEmitter<? super Void> admitted) {
        synchronized (this) {
            boolean fits = records + number <= maxRecords && bytes + size <= maxBytes;
            if (!fits && records > 0) {
                waiting = () -> admit(number, size, admitted);
                return;
            }
            records += number;
            bytes += size;
        }
        admitted.complete(null);
    }

    /** Returns the largest number of records that may be admitted together. */
    int maxAdmitted() {
        return Math.max(1, maxRecords / 4);
    }

    /** Removes a record that is settled. */
    void settled(ConsumerRecord<byte[], byte[]> record) {
        offsets.settled(record);
        Runnable next;
        synchronized (this) {
            records--;
            bytes -= HeapShare.size(record);
            next = waiting;
            waiting = null;
        }
        if (next != null) {
            next.run();
        }
    }
}
