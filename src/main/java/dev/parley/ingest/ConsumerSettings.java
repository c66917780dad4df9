package dev.parley.ingest;

import io.quarkus.arc.Unremovable;
import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.eclipse.microprofile.config.Config;

/**
 * Gives each consumer of the channel its {@link PollBudget}. It also creates consumers with the
 * same settings (addresses, credentials, isolation level), however the channel is configured.
 */
@Unremovable
@ApplicationScoped
class ConsumerSettings implements ClientCustomizer<Map<String, Object>> {

    private static final List<String> OF_A_GROUP_ONLY =
            List.of(
                    ConsumerConfig.GROUP_ID_CONFIG,
                    ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                    ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                    ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
                    PollBudget.SETTING,
                    UnsettledOffsets.SETTING);

    private final HeapShare heap;
    private final UnsettledOffsets offsets;
    private volatile Map<String, Object> settings = Map.of();

    ConsumerSettings(HeapShare heap, UnsettledOffsets offsets) {
        this.heap = heap;
        this.offsets = offsets;
    }

    @Override
    public Map<String, Object> customize(
            String channel, Config channelConfig, Map<String, Object> client) {
        if (channel.equals(EventConsumer.CHANNEL)) {
            client.put(PollBudget.SETTING, new PollBudget(heap.pollBytes()));
            client.put(UnsettledOffsets.SETTING, offsets);
            settings = Map.copyOf(client);
        }
        return client;
    }

    /**
     * Creates a consumer outside the group. It commits nothing and polls one record at a time, with
     * no limit for a poll. It still leaves out records that are {@linkplain
     * OmittedContent#TOO_LARGE too large}.
     */
    KafkaConsumer<byte[], byte[]> reader() {
        Map<String, Object> reader = new HashMap<>(settings);
        OF_A_GROUP_ONLY.forEach(reader::remove);
        reader.computeIfPresent(ConsumerConfig.CLIENT_ID_CONFIG, (name, id) -> id + "-deferred");
        reader.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        reader.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        reader.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        PollBudget unlimited = PollBudget.unlimited();
        return new KafkaConsumer<>(
                reader, new BoundedBytes(unlimited), new BoundedBytes(unlimited));
    }
}
