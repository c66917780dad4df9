package dev.parley.ingest;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets of the records that were polled and are not settled yet, and so the offset of each
 * partition up to which all records are settled. Records are settled in any order, because sessions
 * don't wait for each other.
 *
 * <p>Records are registered on the polling thread, within the poll. Partitions come and go on the
 * same thread. So a record is registered for the assignment of its partition that it was polled in:
 * if a partition goes and comes again, its records are delivered again, and those of the former
 * assignment no longer count.
 */
@ApplicationScoped
class UnsettledOffsets {

    /** The consumer setting through which its interceptor gets this object. */
    static final String SETTING = "parley.unsettled-offsets";

    private static final class Partition {
        private final TreeSet<Long> unsettled = new TreeSet<>();
        private long next;
        private long committed;

        long settledUpTo() {
            return unsettled.isEmpty() ? next : unsettled.first();
        }
    }

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();

    synchronized void assigned(Collection<TopicPartition> added) {
        added.forEach(each -> partitions.put(each, new Partition()));
    }

    /** Forgets partitions, and returns up to where their records are settled. */
    synchronized Map<TopicPartition, OffsetAndMetadata> revoked(
            Collection<TopicPartition> removed) {
        Map<TopicPartition, OffsetAndMetadata> last = settled();
        last.keySet().retainAll(removed);
        partitions.keySet().removeAll(removed);
        return last;
    }

    synchronized void received(ConsumerRecords<?, ?> records) {
        for (TopicPartition each : records.partitions()) {
            Partition partition = partitions.get(each);
            if (partition != null) {
                for (ConsumerRecord<?, ?> record : records.records(each)) {
                    partition.unsettled.add(record.offset());
                    partition.next = record.offset() + 1;
                }
            }
        }
    }

    synchronized void settled(ConsumerRecord<?, ?> record) {
        Partition partition =
                partitions.get(new TopicPartition(record.topic(), record.partition()));
        if (partition != null) {
            partition.unsettled.remove(record.offset());
        }
    }

    /** Returns up to where the records of each partition are settled, if that is not committed. */
    synchronized Map<TopicPartition, OffsetAndMetadata> settled() {
        Map<TopicPartition, OffsetAndMetadata> settled = new HashMap<>();
        partitions.forEach(
                (each, partition) -> {
                    if (partition.settledUpTo() > partition.committed) {
                        settled.put(each, new OffsetAndMetadata(partition.settledUpTo()));
                    }
                });
        return settled;
    }

    synchronized void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach(
                (each, offset) -> {
                    Partition partition = partitions.get(each);
                    if (partition != null) {
                        partition.committed = Math.max(partition.committed, offset.offset());
                    }
                });
    }
}
