package dev.parley.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Records of one partition that are to be read again, and how far that has come. */
final class Passage {

    private static final Duration POLL = Duration.ofMillis(200);

    private final TopicPartition partition;
    private final List<ConsumerRecord<byte[], byte[]>> wanted;
    private int done;

    /** What has been read by one call. */
    private static final class Slice {
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        private long bytes;

        void add(ConsumerRecord<byte[], byte[]> record) {
            records.add(record);
            bytes += HeapShare.size(record);
        }
    }

    /**
     * @param wanted in the order of their offsets
     */
    Passage(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> wanted) {
        this.partition = partition;
        this.wanted = wanted;
    }

    /**
     * The next records, at least one; empty once all have been given. Those that the topic doesn't
     * have any more are given as they are known. After a failure the same are given again.
     *
     * @param bytes after so many it ends
     */
    List<ConsumerRecord<byte[], byte[]>> next(Consumer<byte[], byte[]> reader, long bytes) {
        if (done == wanted.size()) {
            reader.assign(List.of()); // which lets go of what was fetched beyond
            return List.of();
        }
        goTo(reader, wanted.get(done).offset());
        Slice slice = new Slice();
        while (done + slice.records.size() < wanted.size() && slice.bytes < bytes) {
            ConsumerRecords<byte[], byte[]> polled = reader.poll(POLL);
            polled.forEach(record -> take(record, slice));
            if (polled.isEmpty() && !slice.records.isEmpty()) {
                break;
            }
            takeThoseBefore(reader.position(partition), slice);
        }
        done += slice.records.size();
        return slice.records;
    }

    /** What the reader has fetched already stays of use if it is there. */
    private void goTo(Consumer<byte[], byte[]> reader, long offset) {
        if (!reader.assignment().equals(Set.of(partition))) {
            reader.assign(List.of(partition));
            reader.seek(partition, offset);
        } else if (reader.position(partition) != offset) {
            reader.seek(partition, offset);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Slice slice) {
        takeThoseBefore(record.offset(), slice);
        int next = done + slice.records.size();
        if (next < wanted.size() && wanted.get(next).offset() == record.offset()) {
            slice.add(record);
        }
    }

    /** They are gone: compacted, deleted, or older than the topic keeps records. */
    private void takeThoseBefore(long offset, Slice slice) {
        for (int next = done + slice.records.size();
                next < wanted.size() && wanted.get(next).offset() < offset;
                next++) {
            slice.add(wanted.get(next));
        }
    }
}
