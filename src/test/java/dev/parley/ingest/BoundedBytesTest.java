package dev.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/**
 * Tests which keys, values and headers of a poll are kept in memory. It passes them to the
 * deserializers as Kafka's client does: the key first, then the value, each with the headers.
 */
class BoundedBytesTest {

    private static final int BUDGET = 10_000;
    private static final int TOO_MUCH = PollBudget.MAX_PART_BYTES + 1;

    private final Map<String, Object> settings =
            Map.of(
                    PollBudget.SETTING,
                    new PollBudget(BUDGET),
                    UnsettledOffsets.SETTING,
                    new UnsettledOffsets());
    private final BoundedBytes keys = new BoundedBytes();
    private final BoundedBytes values = new BoundedBytes();
    private final PollEnd pollEnd = new PollEnd();

    BoundedBytesTest() {
        keys.configure(settings, true);
        values.configure(settings, false);
        pollEnd.configure(settings);
    }

    @Test
    void recordsWithinTheBudget_areKeptUnchanged() {
        ConsumerRecord<byte[], byte[]> first = read(10, 5_000, 1_000);
        ConsumerRecord<byte[], byte[]> second = read(10, 3_000, 0);

        assertThat(OmittedContent.of(first)).isNull();
        assertThat(first.value()).hasSize(5_000);
        assertThat(first.headers().lastHeader("h").value()).hasSize(1_000);
        assertThat(OmittedContent.of(second)).isNull();
        assertThat(second.value()).hasSize(3_000);
    }

    @Test
    void recordsBeyondTheBudget_areDeferredUntilThePollEnds() {
        read(10, 9_000, 0);

        ConsumerRecord<byte[], byte[]> beyondBudget = read(10, 2_000, 500);
        ConsumerRecord<byte[], byte[]> smallAfterIt = read(1, 1, 0);
        pollEnd.onConsume(new ConsumerRecords<>(Map.of(), Map.of()));
        ConsumerRecord<byte[], byte[]> ofTheNextPoll = read(10, 2_000, 500);

        assertThat(OmittedContent.of(beyondBudget)).isEqualTo(OmittedContent.DEFERRED);
        assertThat(beyondBudget.value()).isEmpty();
        assertThat(beyondBudget.headers().lastHeader("h")).isNull();
        assertThat(OmittedContent.of(smallAfterIt))
                .as("a small record after a deferred one is deferred too, to keep the order")
                .isEqualTo(OmittedContent.DEFERRED);
        assertThat(OmittedContent.of(ofTheNextPoll)).isNull();
        assertThat(ofTheNextPoll.value()).hasSize(2_000);
    }

    @Test
    void keysAndHeaders_countAsValuesDo() {
        assertThat(OmittedContent.of(read(BUDGET + 1, 1, 0))).isEqualTo(OmittedContent.DEFERRED);
        pollEnd.onConsume(new ConsumerRecords<>(Map.of(), Map.of()));
        assertThat(OmittedContent.of(read(1, 1, BUDGET))).isEqualTo(OmittedContent.DEFERRED);
    }

    @Test
    void recordWithATooLargePart_isTooLargeAndDefersNoOtherRecord() {
        assertThat(OmittedContent.of(read(10, TOO_MUCH, 100))).isEqualTo(OmittedContent.TOO_LARGE);
        assertThat(OmittedContent.of(read(TOO_MUCH, 10, 100))).isEqualTo(OmittedContent.TOO_LARGE);
        assertThat(OmittedContent.of(read(10, 10, TOO_MUCH))).isEqualTo(OmittedContent.TOO_LARGE);
        assertThat(OmittedContent.of(read(10, 10, 100))).isNull();
    }

    @Test
    void recordThatIsTooLarge_keepsItsHeadersUnlessTheyAreTooLarge() {
        assertThat(read(10, TOO_MUCH, 100).headers().lastHeader("h").value()).hasSize(100);
        assertThat(read(10, 10, TOO_MUCH).headers().lastHeader("h")).isNull();
    }

    @Test
    void headerOfAPublisher_isNoMark() {
        RecordHeaders headers = new RecordHeaders();
        headers.add(OmittedContent.DEFERRED.key(), "DEFERRED".getBytes(UTF_8));

        assertThat(OmittedContent.of(record(new byte[1], new byte[1], headers))).isNull();
    }

    private ConsumerRecord<byte[], byte[]> read(int key, int value, int header) {
        RecordHeaders headers = new RecordHeaders();
        if (header > 0) {
            headers.add("h", new byte[header]);
        }
        byte[] keptKey = keys.deserialize("topic", headers, new byte[key]);
        byte[] keptValue = values.deserialize("topic", headers, new byte[value]);
        return record(keptKey, keptValue, headers);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            byte[] key, byte[] value, RecordHeaders headers) {
        return new ConsumerRecord<>(
                "topic",
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                key.length,
                value.length,
                key,
                value,
                headers,
                Optional.empty());
    }
}
