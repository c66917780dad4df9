package dev.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Tests that an offset is only reported as settled if all records before it are settled. */
class UnsettledOffsetsTest {

    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);

    private final UnsettledOffsets offsets = new UnsettledOffsets();

    /** Offsets have gaps, as after a compaction or with transactions. */
    @Test
    void recordsSettledInAnyOrder_areReportedUpToTheFirstUnsettledOne() {
        Random random = new Random(3);
        offsets.assigned(List.of(PARTITION));
        List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
        TreeSet<Long> unsettled = new TreeSet<>();
        long next = 1_000;
        for (int step = 0; step < 5_000; step++) {
            if (random.nextInt(3) == 0 && polled.size() < 200) {
                List<ConsumerRecord<byte[], byte[]>> poll = new ArrayList<>();
                for (int i = random.nextInt(1, 5); i > 0; i--) {
                    next += random.nextInt(1, 4);
                    poll.add(record(next));
                }
                receive(poll);
                poll.forEach(each -> unsettled.add(each.offset()));
                polled.addAll(poll);
            } else if (!polled.isEmpty()) {
                Collections.swap(polled, random.nextInt(polled.size()), polled.size() - 1);
                ConsumerRecord<byte[], byte[]> settled = polled.removeLast();
                offsets.settled(settled);
                unsettled.remove(settled.offset());
            }
            if (next > 1_000) {
                long expected = unsettled.isEmpty() ? next + 1 : unsettled.first();
                assertThat(offsets.settled())
                        .isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(expected)));
            }
        }
    }

    @Test
    void offsetsThatAreCommitted_areNotReportedAgain() {
        offsets.assigned(List.of(PARTITION));
        receive(List.of(record(7), record(8)));
        offsets.settled(record(7));
        Map<TopicPartition, OffsetAndMetadata> settled = offsets.settled();
        assertThat(settled).isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(8)));

        offsets.committed(settled);
        assertThat(offsets.settled()).isEmpty();

        offsets.settled(record(8));
        assertThat(offsets.settled()).isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(9)));
    }

    /** The records of the former assignment are delivered again, and may be settled late. */
    @Test
    void partitionThatGoesAndComesAgain_forgetsItsFormerRecords() {
        offsets.assigned(List.of(PARTITION));
        receive(List.of(record(7), record(8), record(9)));
        offsets.settled(record(7));
        assertThat(offsets.revoked(List.of(PARTITION)))
                .isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(8)));

        offsets.assigned(List.of(PARTITION));
        offsets.settled(record(9));
        assertThat(offsets.settled()).isEmpty();
        receive(List.of(record(8)));
        assertThat(offsets.settled()).isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(8)));
        receive(List.of(record(9)));
        offsets.settled(record(8));
        assertThat(offsets.settled()).isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(9)));
    }

    @Test
    void partitionThatIsNotAssigned_reportsNothing() {
        receive(List.of(record(7)));
        offsets.settled(record(7));

        assertThat(offsets.settled()).isEmpty();
        assertThat(offsets.revoked(List.of(PARTITION))).isEmpty();
    }

    private void receive(List<ConsumerRecord<byte[], byte[]>> records) {
        offsets.received(new ConsumerRecords<>(Map.of(PARTITION, records), Map.of()));
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset) {
        return new ConsumerRecord<>("topic", 0, offset, new byte[0], new byte[0]);
    }
}
