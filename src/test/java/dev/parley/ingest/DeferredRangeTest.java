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

/** A client that gives what it is told to: no broker compacts a topic at one's word. */
class DeferredRangeTest {

    private static final TopicPartition PARTITION = new TopicPartition("topic", 3);
    private static final int BYTES = 100;

    /** Gives what is there from its position on, two records a poll. */
    private static final class Topic extends MockConsumer<byte[], byte[]> {
        private final List<Long> offsets;
        private int polls;
        private int failures;

        Topic(Long... offsets) {
            super(AutoOffsetResetStrategy.EARLIEST.name());
            this.offsets = List.of(offsets);
            updateBeginningOffsets(Map.of(PARTITION, 0L));
        }

        Topic failing(int times) {
            failures = times;
            return this;
        }

        @Override
        public synchronized org.apache.kafka.clients.consumer.ConsumerRecords<byte[], byte[]> poll(
                java.time.Duration timeout) {
            if (polls++ < failures) {
                throw new KafkaException("away");
            }
            long from = position(PARTITION);
            offsets.stream()
                    .filter(offset -> offset >= from)
                    .limit(2)
                    .forEach(offset -> addRecord(record(offset, BYTES)));
            if (offsets.stream().noneMatch(offset -> offset >= from)) {
                seek(PARTITION, 1_000); // past what was compacted away
            }
            return super.poll(timeout);
        }
    }

    @Test
    void next_givesSlicesOfSoManyBytesUntilAllAreGiven() {
        DeferredRange passage = new DeferredRange(PARTITION, stubs(4, 5, 6, 7, 8));
        Topic topic = new Topic(1L, 4L, 5L, 6L, 7L, 8L, 9L);

        assertThat(offsets(passage.next(topic, 2 * BYTES))).containsExactly(4L, 5L);
        assertThat(offsets(passage.next(topic, 2 * BYTES))).containsExactly(6L, 7L);
        assertThat(passage.next(topic, 2 * BYTES))
                .singleElement()
                .satisfies(
                        last -> {
                            assertThat(last.offset()).isEqualTo(8);
                            assertThat(last.value()).hasSize(BYTES);
                        });
        assertThat(passage.next(topic, 2 * BYTES)).isEmpty();
        assertThat(topic.assignment()).isEmpty();
    }

    @Test
    void next_whereTheTopicHasThemNoMore_givesThemAsTheyAreKnown() {
        DeferredRange passage = new DeferredRange(PARTITION, stubs(4, 5, 6, 7));
        Topic topic = new Topic(5L);

        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (List<ConsumerRecord<byte[], byte[]>> slice = passage.next(topic, 1_000_000);
                !slice.isEmpty();
                slice = passage.next(topic, 1_000_000)) {
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
    void next_afterAFailure_givesTheSame() {
        DeferredRange passage = new DeferredRange(PARTITION, stubs(1, 2));
        Topic topic = new Topic(1L, 2L).failing(1);

        assertThatThrownBy(() -> passage.next(topic, BYTES)).hasMessage("away");

        assertThat(offsets(passage.next(topic, 2 * BYTES))).containsExactly(1L, 2L);
    }

    private static List<Long> offsets(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(ConsumerRecord::offset).toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> stubs(int... offsets) {
        return IntStream.of(offsets)
                .mapToObj(
                        offset -> {
                            ConsumerRecord<byte[], byte[]> stub = record(offset, 0);
                            stub.headers().add(OmittedContent.DEFERRED);
                            return stub;
                        })
                .toList();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, int bytes) {
        return new ConsumerRecord<>(
                PARTITION.topic(), PARTITION.partition(), offset, new byte[0], new byte[bytes]);
    }
}
