package dev.parley.ingest;

import dev.parley.json.JsonLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Divides the share of the heap that records may take, in uncompressed bytes. */
@ApplicationScoped
class HeapShare {

    /**
     * How many polls are in memory at the same time: one whose records are being admitted, two that
     * wait, and one that is being polled. The connector does not poll further then. The records
     * that are being settled may take as much as one more.
     */
    private static final int POLLS = 5;

    /**
     * The number of slices of a poll. One slice is decoded and planned at a time, which takes a
     * multiple of its bytes.
     */
    private static final int SLICES_OF_A_POLL = 4;

    private final long pollBytes;

    @Inject
    HeapShare(IngestConfig config) {
        this((long) (Runtime.getRuntime().maxMemory() * config.heapShare()));
    }

    HeapShare(long bytes) {
        this.pollBytes = bytes / POLLS;
    }

    /**
     * Returns how many bytes of records may be decoded and not settled yet: at least one record of
     * the largest size.
     */
    long unsettledBytes() {
        return Math.max(JsonLimits.MAX_BYTES, pollBytes);
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
        for (Header header : record.headers()) {
            size += header.value() == null ? 0 : header.value().length;
        }
        return size;
    }
}
