package dev.parley.ingest;

import static java.util.Objects.requireNonNull;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a key or a value as it came if the {@link PollBudget} of its consumer allows it; else there
 * is nothing in its place, and its record is marked as {@link NotHeld}.
 */
@RegisterForReflection
public final class BoundedBytes implements Deserializer<byte[]> {

    private static final byte[] NOTHING = {};

    private @Nullable PollBudget budget;

    /** Made by Kafka's client, which then configures it. */
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

    /** The client gives the headers, always. */
    @Override
    public byte[] deserialize(String topic, byte[] data) {
        throw new UnsupportedOperationException("what has no headers can't be marked");
    }
}
