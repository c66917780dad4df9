package dev.parley.ingest;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.QuarkusApplication;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.Dependent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Publishes the records of the dead-letter topic again, as they came: for when what made them fail
 * is mended. Each is put back once, since a consumer group of its own remembers how far it came;
 * twice if it dies meanwhile, which does no harm. What fails again comes back with its reason.
 */
@Dependent
@Unremovable
public class PutBack implements QuarkusApplication {

    /** Its profile: nothing is served. */
    public static final String PROFILE = "put-back";

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int MAX_REQUEST_BYTES = 10 * 1024 * 1024;

    private final Map<String, Object> broker;
    private final String deadLetters;
    private final String topic;
    private final String group;

    PutBack(
            @Identifier("default-kafka-broker") Map<String, Object> broker,
            @ConfigProperty(name = "mp.messaging.outgoing.dead-letters.topic") String deadLetters,
            @ConfigProperty(name = "mp.messaging.incoming.turns.topic") String topic,
            @ConfigProperty(name = "mp.messaging.incoming.turns.group.id") String group) {
        this.broker = broker;
        this.deadLetters = deadLetters;
        this.topic = topic;
        this.group = group + "-put-back";
    }

    @Override
    public int run(String... arguments) throws ExecutionException, InterruptedException {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer();
                KafkaProducer<byte[], byte[]> producer = producer()) {
            List<TopicPartition> partitions = partitions(consumer);
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            int count = 0;
            while (isBehind(consumer, ends)) {
                count += putBack(consumer.poll(POLL), ends, consumer, producer);
            }
            System.out.printf(
                    "Records put back from %s to %s: %d. What fails again comes back with its reason.%n",
                    deadLetters, topic, count);
            return 0;
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        return consumer.partitionsFor(deadLetters).stream()
                .map(info -> new TopicPartition(deadLetters, info.partition()))
                .toList();
    }

    private static boolean isBehind(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    /** Those that were there at the start: what fails again meanwhile is for the next time. */
    private int putBack(
            ConsumerRecords<byte[], byte[]> letters,
            Map<TopicPartition, Long> ends,
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaProducer<byte[], byte[]> producer)
            throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            TopicPartition partition = new TopicPartition(deadLetters, letter.partition());
            long end = ends.getOrDefault(partition, 0L);
            if (letter.offset() >= end) {
                consumer.seek(partition, end);
            } else if (letter.headers().lastHeader(DeadLetters.OMITTED) != null) {
                System.out.printf(
                        "Not in its dead letter, being too large: %s-%s@%s%n",
                        text(letter, "topic"), text(letter, "partition"), text(letter, "offset"));
            } else {
                sent.add(
                        producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        null,
                                        letter.key(),
                                        letter.value(),
                                        letter.headers())));
            }
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
        consumer.commitSync();
        return sent.size();
    }

    private static String text(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new EventRecord(letter).header(DeadLetters.PREFIX + name).orElse("?");
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = new HashMap<>(broker);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A dead letter may be larger than a producer takes by default. */
    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> settings = new HashMap<>(broker);
        settings.put("max.request.size", MAX_REQUEST_BYTES);
        settings.put("compression.type", "gzip");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
