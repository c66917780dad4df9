package dev.parley.ingest;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Divides a batch into slices, so that its records are not all decoded at the same time. */
final class Slices {

    private Slices() {}

    /**
     * Returns the same records in the same order, in slices.
     *
     * @param bytes the largest size of a slice, unless a single record is larger
     * @param number the largest number of records in a slice
     */
    static List<List<ConsumerRecord<byte[], byte[]>>> of(
            List<ConsumerRecord<byte[], byte[]>> records, long bytes, int number) {
        List<List<ConsumerRecord<byte[], byte[]>>> slices = new ArrayList<>();
        int start = 0;
        long size = 0;
        for (int i = 0; i < records.size(); i++) {
            long more = HeapShare.size(records.get(i));
            if (i > start && (size + more > bytes || i - start >= number)) {
                slices.add(records.subList(start, i));
                start = i;
                size = 0;
            }
            size += more;
        }
        if (start < records.size()) {
            slices.add(records.subList(start, records.size()));
        }
        return slices;
    }
}
