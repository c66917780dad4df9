package dev.parley.ingest;

import dev.parley.json.JsonLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Divides the share of the heap that records may take, in uncompressed bytes. */
@ApplicationScoped
class HeapShare {

    /**
     * How many polls are in memory at the same time: one whose records are being admitted, two that
     * wait, and one that is being polled. The connector does not poll further then. The records
     * that are being settled may take as much as one more.
     */
    private static final int POLLS = 5;

    /** The number of slices of a poll. One slice is decoded at a time. */
    private static final int SLICES_OF_A_POLL = 4;

    /** The largest size of a record: its key, its value and its headers. */
    private static final long LARGEST_RECORD = 3L * PollBudget.MAX_PART_BYTES;

    private final long pollBytes;

    @Inject
    HeapShare(IngestConfig config) {
        this((long) (Runtime.getRuntime().maxMemory() * config.heapShare()));
    }

    HeapShare(long bytes) {
        this.pollBytes = bytes / POLLS;
    }

    /**
     * Returns how many bytes of records may be decoded and not settled yet. That is more than any
     * slice has, so that no slice has to wait for all other records.
     */
    long unsettledBytes() {
        return Math.max(sliceBytes() + LARGEST_RECORD, pollBytes);
    }

    /** Returns how many bytes of one poll may be kept in memory. */
    long pollBytes() {
        return pollBytes;
    }

    /**
     * Returns how many bytes are decoded and written at the same time: at least one record of the
     * largest size.
     */
    long sliceBytes() {
        return Math.max(JsonLimits.MAX_BYTES, pollBytes / SLICES_OF_A_POLL);
    }

    static long size(ConsumerRecord<byte[], byte[]> record) {
        long size = record.key() == null ? 0 : record.key().length;
        size += record.value() == null ? 0 : record.value().length;
        return size + PollBudget.size(record.headers());
    }
}
