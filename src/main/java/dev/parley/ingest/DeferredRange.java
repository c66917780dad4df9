package dev.parley.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Records of one partition that have to be read again, and the progress of the reading. */
final class DeferredRange {

    private static final Duration POLL = Duration.ofMillis(200);

    private final TopicPartition partition;
    private final List<ConsumerRecord<byte[], byte[]>> wanted;
    private int returned;

    /** The records that one call has read. */
    private static final class Slice {
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        private long bytes;

        void add(ConsumerRecord<byte[], byte[]> record) {
            records.add(record);
            bytes += HeapShare.size(record);
        }
    }

    /**
     * @param wanted the records, in the order of their offsets
     */
    DeferredRange(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> wanted) {
        this.partition = partition;
        this.wanted = wanted;
    }

    /**
     * Returns the next records, at least one; an empty list once all have been returned. Records
     * that are no longer in the topic are returned as they were given. After a failure, the next
     * call returns the same records again.
     *
     * @param bytes the slice ends once it has this many bytes
     */
    List<ConsumerRecord<byte[], byte[]>> next(Consumer<byte[], byte[]> reader, long bytes) {
        if (returned == wanted.size()) {
            reader.assign(List.of()); // drops what was fetched beyond
            return List.of();
        }
        moveTo(reader, wanted.get(returned).offset());
        Slice slice = new Slice();
        while (returned + slice.records.size() < wanted.size() && slice.bytes < bytes) {
            ConsumerRecords<byte[], byte[]> polled = reader.poll(POLL);
            polled.forEach(record -> take(record, slice));
            if (polled.isEmpty() && !slice.records.isEmpty()) {
                break;
            }
            takeMissingBefore(reader.position(partition), slice);
        }
        returned += slice.records.size();
        return slice.records;
    }

    /** Moves the reader to the offset. If it is already there, it keeps what it has fetched. */
    private void moveTo(Consumer<byte[], byte[]> reader, long offset) {
        if (!reader.assignment().equals(Set.of(partition))) {
            reader.assign(List.of(partition));
            reader.seek(partition, offset);
        } else if (reader.position(partition) != offset) {
            reader.seek(partition, offset);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Slice slice) {
        takeMissingBefore(record.offset(), slice);
        int next = returned + slice.records.size();
        if (next < wanted.size() && wanted.get(next).offset() == record.offset()) {
            slice.add(record);
        }
    }

    /**
     * Takes the wanted records before this offset. They are no longer in the topic: compacted,
     * deleted, or past its retention.
     */
    private void takeMissingBefore(long offset, Slice slice) {
        for (int next = returned + slice.records.size();
                next < wanted.size() && wanted.get(next).offset() < offset;
                next++) {
            slice.add(wanted.get(next));
        }
    }
}
