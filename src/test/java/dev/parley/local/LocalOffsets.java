package dev.parley.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Reads the offsets of a consumer group: what it has committed, and where its topic ends. */
public final class LocalOffsets implements AutoCloseable {

    private final String group;
    private final String topic;
    private final Admin admin;

    /** Reads the offsets of Parley's group on its topic, from the broker of this test run. */
    public LocalOffsets() {
        this(LocalInfrastructureProcess.shared().kafka());
    }

    /** Reads the offsets of Parley's group on its topic, from another broker. */
    public LocalOffsets(String bootstrapServers) {
        this(bootstrapServers, "parley", KafkaServer.TOPIC);
    }

    /** Reads the offsets of another group on another topic, from the broker of this test run. */
    public LocalOffsets(String group, String topic) {
        this(LocalInfrastructureProcess.shared().kafka(), group, topic);
    }

    private LocalOffsets(String bootstrapServers, String group, String topic) {
        this.group = group;
        this.topic = topic;
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Returns the committed offset of each partition, or 0 if the group has committed none. */
    public Map<Integer, Long> committed() {
        Map<Integer, Long> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                        .entrySet()
                        .stream()
                        .filter(each -> each.getKey().topic().equals(topic))
                        .collect(
                                toMap(
                                        each -> each.getKey().partition(),
                                        each -> each.getValue().offset()));
        partitions().forEach(partition -> committed.putIfAbsent(partition, 0L));
        return committed;
    }

    /** Returns the offset that the next record of each partition will get. */
    public Map<Integer, Long> endOffsets() {
        return endOffsets(topic, partitions());
    }

    /** Returns the partition to which Kafka's producer sends records with that key. */
    public static int partition(String key) {
        return BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), KafkaServer.PARTITIONS);
    }

    /** Returns the number of records that were ever written to the dead-letter topic. */
    public long deadLetterCount() {
        return endOffsets(KafkaServer.DEAD_LETTERS, Set.of(0)).values().iterator().next();
    }

    private static Set<Integer> partitions() {
        return IntStream.range(0, KafkaServer.PARTITIONS).boxed().collect(toSet());
    }

    private Map<Integer, Long> endOffsets(String topic, Set<Integer> partitions) {
        Map<TopicPartition, OffsetSpec> requested =
                partitions.stream()
                        .collect(
                                toMap(
                                        partition -> new TopicPartition(topic, partition),
                                        partition -> OffsetSpec.latest()));
        return get(admin.listOffsets(requested).all()).entrySet().stream()
                .collect(
                        toMap(each -> each.getKey().partition(), each -> each.getValue().offset()));
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("The request to the broker failed", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
