package dev.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * Tests that deferred records are read again in order and in slices, and what happens to those that
 * the topic no longer has. The consumer is a fake, because a broker does not compact on demand.
 */
class DeferredRangeTest {

    private static final TopicPartition PARTITION = new TopicPartition("topic", 3);
    private static final int BYTES = 100;

    /** Returns the records of these offsets from its position on, two records in each poll. */
    private static final class FakeTopic extends MockConsumer<byte[], byte[]> {
        private final List<Long> offsets;
        private int polls;
        private int failures;

        FakeTopic(Long... offsets) {
            super(AutoOffsetResetStrategy.EARLIEST.name());
            this.offsets = List.of(offsets);
            updateBeginningOffsets(Map.of(PARTITION, 0L));
        }

        FakeTopic failing(int times) {
            failures = times;
            return this;
        }

        @Override
        public synchronized org.apache.kafka.clients.consumer.ConsumerRecords<byte[], byte[]> poll(
                java.time.Duration timeout) {
            if (polls++ < failures) {
                throw new KafkaException("the broker is unavailable");
            }
            long from = position(PARTITION);
            offsets.stream()
                    .filter(offset -> offset >= from)
                    .limit(2)
                    .forEach(offset -> addRecord(record(offset, BYTES)));
            if (offsets.stream().noneMatch(offset -> offset >= from)) {
                seek(PARTITION, 1_000); // past the records that were compacted
            }
            return super.poll(timeout);
        }
    }

    @Test
    void next_withALimitOfBytes_returnsSlicesUntilAllAreReturned() {
        DeferredRange range = new DeferredRange(PARTITION, deferredRecords(4, 5, 6, 7, 8));
        FakeTopic topic = new FakeTopic(1L, 4L, 5L, 6L, 7L, 8L, 9L);

        assertThat(offsets(range.next(topic, 2 * BYTES))).containsExactly(4L, 5L);
        assertThat(offsets(range.next(topic, 2 * BYTES))).containsExactly(6L, 7L);
        assertThat(range.next(topic, 2 * BYTES))
                .singleElement()
                .satisfies(
                        last -> {
                            assertThat(last.offset()).isEqualTo(8);
                            assertThat(last.value()).hasSize(BYTES);
                        });
        assertThat(range.next(topic, 2 * BYTES)).isEmpty();
        assertThat(topic.assignment()).isEmpty();
    }

    @Test
    void next_forRecordsThatTheTopicNoLongerHas_returnsThemAsGiven() {
        DeferredRange range = new DeferredRange(PARTITION, deferredRecords(4, 5, 6, 7));
        FakeTopic topic = new FakeTopic(5L);

        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (List<ConsumerRecord<byte[], byte[]>> slice = range.next(topic, 1_000_000);
                !slice.isEmpty();
                slice = range.next(topic, 1_000_000)) {
            all.addAll(slice);
        }

        assertThat(offsets(all)).containsExactly(4L, 5L, 6L, 7L);
        assertThat(all)
                .extracting(OmittedContent::of)
                .containsExactly(
                        OmittedContent.DEFERRED,
                        null,
                        OmittedContent.DEFERRED,
                        OmittedContent.DEFERRED);
    }

    @Test
    void next_afterAFailure_returnsTheSameRecords() {
        DeferredRange range = new DeferredRange(PARTITION, deferredRecords(1, 2));
        FakeTopic topic = new FakeTopic(1L, 2L).failing(1);

        assertThatThrownBy(() -> range.next(topic, BYTES)).hasMessage("the broker is unavailable");

        assertThat(offsets(range.next(topic, 2 * BYTES))).containsExactly(1L, 2L);
    }

    private static List<Long> offsets(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(ConsumerRecord::offset).toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> deferredRecords(int... offsets) {
        return IntStream.of(offsets)
                .mapToObj(
                        offset -> {
                            ConsumerRecord<byte[], byte[]> deferred = record(offset, 0);
                            deferred.headers().add(OmittedContent.DEFERRED);
                            return deferred;
                        })
                .toList();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, int bytes) {
        return new ConsumerRecord<>(
                PARTITION.topic(), PARTITION.partition(), offset, new byte[0], new byte[bytes]);
    }
}
