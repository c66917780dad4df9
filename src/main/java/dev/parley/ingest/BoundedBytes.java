package dev.parley.ingest;

import static java.util.Objects.requireNonNull;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Returns a key or a value unchanged if the {@link PollBudget} of its consumer allows it. Otherwise
 * it returns an empty array, and the budget marks the record as {@link OmittedContent}.
 */
@RegisterForReflection
public final class BoundedBytes implements Deserializer<byte[]> {

    private static final byte[] NOTHING = {};

    private @Nullable PollBudget budget;

    /** For Kafka's client, which creates the deserializer and then configures it. */
    public BoundedBytes() {}

    BoundedBytes(PollBudget budget) {
        this.budget = budget;
    }

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
        budget = (PollBudget) settings.get(PollBudget.SETTING);
    }

    @Override
    public byte[] deserialize(String topic, Headers headers, byte[] data) {
        return requireNonNull(budget).keeps(headers, data.length) ? data : NOTHING;
    }

    /**
     * Always fails, because a record without headers can't be marked. Kafka's client always passes
     * the headers.
     */
    @Override
    public byte[] deserialize(String topic, byte[] data) {
        throw new UnsupportedOperationException("a record without headers can't be marked");
    }
}
