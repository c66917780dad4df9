package dev.parley.ingest;

import static java.util.Objects.requireNonNull;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Resets the {@link PollBudget} of its consumer at the end of each poll, and registers what was
 * polled as {@linkplain UnsettledOffsets unsettled}. It does not change the records.
 */
@RegisterForReflection
public final class PollEnd implements ConsumerInterceptor<byte[], byte[]> {

    private @Nullable PollBudget budget;
    private @Nullable UnsettledOffsets offsets;

    @Override
    public void configure(Map<String, ?> settings) {
        budget = (PollBudget) settings.get(PollBudget.SETTING);
        offsets = (UnsettledOffsets) settings.get(UnsettledOffsets.SETTING);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        requireNonNull(budget).nextPoll();
        requireNonNull(offsets).received(records);
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
}
