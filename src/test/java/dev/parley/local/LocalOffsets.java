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

/** How far a group has come, as an operator looks it up: what is committed is done with. */
public final class LocalOffsets implements AutoCloseable {

    private final String group;
    private final String topic;
    private final Admin admin;

    /** Of Parley's group on its topic, on the broker of this test run. */
    public LocalOffsets() {
        this(LocalInfrastructureProcess.shared().kafka());
    }

    /** The same on another broker. */
    public LocalOffsets(String bootstrapServers) {
        this(bootstrapServers, "parley", KafkaServer.TOPIC);
    }

    /** Of another group on another topic, on the broker of this test run. */
    public LocalOffsets(String group, String topic) {
        this(LocalInfrastructureProcess.shared().kafka(), group, topic);
    }

    private LocalOffsets(String bootstrapServers, String group, String topic) {
        this.group = group;
        this.topic = topic;
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** The offset that the group would start from, by partition; 0 where it has committed none. */
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

    /** The offset that the next record will get, by partition. */
    public Map<Integer, Long> ends() {
        return ends(topic, partitions());
    }

    /** Where records with that key are, as Kafka's own producer has it. */
    public static int partition(String key) {
        return BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), KafkaServer.PARTITIONS);
    }

    /** How many records have ever been set aside. */
    public long deadLetters() {
        return ends(KafkaServer.DEAD_LETTERS, Set.of(0)).values().iterator().next();
    }

    private static Set<Integer> partitions() {
        return IntStream.range(0, KafkaServer.PARTITIONS).boxed().collect(toSet());
    }

    private Map<Integer, Long> ends(String topic, Set<Integer> partitions) {
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream()
                        .collect(
                                toMap(
                                        partition -> new TopicPartition(topic, partition),
                                        partition -> OffsetSpec.latest()));
        return get(admin.listOffsets(asked).all()).entrySet().stream()
                .collect(
                        toMap(each -> each.getKey().partition(), each -> each.getValue().offset()));
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("can't ask the broker", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
