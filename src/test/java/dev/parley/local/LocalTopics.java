package dev.parley.local;

import static dev.parley.support.Timeouts.TIMEOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Publishes events and reads dead letters, as a platform and an operator do. */
public final class LocalTopics implements AutoCloseable {

    public static final String TOPIC = KafkaServer.TOPIC;
    public static final String DEAD_LETTERS = KafkaServer.DEAD_LETTERS;

    private static final TopicPartition DEAD_LETTER_PARTITION = new TopicPartition(DEAD_LETTERS, 0);

    /** The limit of a malicious producer: brokers check only the compressed size of records. */
    private static final int MAX_RAW_BYTES = 32 * 1024 * 1024;

    private final String topic;
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> deadLetters;

    public LocalTopics() {
        this(TOPIC);
    }

    /** Creates another topic for the events, and uses it. */
    public static LocalTopics withTopic(String topic) {
        Map<String, Object> broker =
                Map.of("bootstrap.servers", LocalInfrastructureProcess.shared().kafka());
        try (Admin admin = Admin.create(broker)) {
            NewTopic created = new NewTopic(topic, KafkaServer.PARTITIONS, (short) 1);
            admin.createTopics(List.of(created)).all().get();
            awaitLeaders(admin, topic);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("The topic could not be created", e);
        }
        return new LocalTopics(topic);
    }

    /**
     * Waits until each partition has a leader. A producer that finds a partition without a leader
     * can wait until its records expire. A busy broker may not know the new topic yet.
     */
    private static void awaitLeaders(Admin admin, String topic) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int i = 0; i < KafkaServer.PARTITIONS; i++) {
            ends.put(new TopicPartition(topic, i), OffsetSpec.latest());
        }
        await().atMost(TIMEOUT)
                .ignoreExceptionsMatching(ExecutionException.class::isInstance)
                .until(() -> admin.listOffsets(ends).all().get().size() == ends.size());
    }

    private LocalTopics(String topic) {
        this.topic = topic;
        Map<String, Object> broker =
                Map.of("bootstrap.servers", LocalInfrastructureProcess.shared().kafka());
        producer = new KafkaProducer<>(broker, new StringSerializer(), new StringSerializer());
        deadLetters =
                new KafkaConsumer<>(broker, new StringDeserializer(), new StringDeserializer());
        deadLetters.assign(List.of(DEAD_LETTER_PARTITION));
    }

    /** A dead letter: the value and the headers of a record of the dead-letter topic. */
    public record DeadLetter(String value, Map<String, String> headers) {}

    /** Publishes a record with the session's id as its key and waits until the broker has it. */
    public void publish(@Nullable String sessionId, @Nullable String value) {
        publish(sessionId, value, Map.of());
    }

    public void publish(
            @Nullable String sessionId, @Nullable String value, Map<String, String> headers) {
        ProducerRecord<String, String> event = new ProducerRecord<>(topic, sessionId, value);
        headers.forEach((name, text) -> event.headers().add(name, text.getBytes(UTF_8)));
        send(event);
    }

    /** Publishes a record without a key. */
    public void publish(ProducerRecord<Void, byte[]> record) {
        String value = new String(record.value(), UTF_8);
        ProducerRecord<String, String> event = new ProducerRecord<>(topic, value);
        record.headers().forEach(header -> event.headers().add(header));
        send(event);
    }

    /** Publishes records in this order, with the session's id as the key, and waits for all. */
    public void publish(List<Map.Entry<String, String>> valuesBySession) {
        List<Future<RecordMetadata>> sent =
                valuesBySession.stream()
                        .map(
                                event ->
                                        producer.send(
                                                new ProducerRecord<>(
                                                        topic, event.getKey(), event.getValue())))
                        .toList();
        sent.forEach(LocalTopics::awaitSent);
    }

    /** Publishes records of bytes in this order, and waits for all. */
    public void publishRaw(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        LocalInfrastructureProcess.shared().kafka(),
                        "compression.type",
                        "gzip",
                        "max.request.size",
                        MAX_RAW_BYTES,
                        "buffer.memory",
                        2L * MAX_RAW_BYTES);
        try (KafkaProducer<byte[], byte[]> raw =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = records.stream().map(raw::send).toList();
            sent.forEach(LocalTopics::awaitSent);
        }
    }

    /** Returns all dead letters that have this header, by the value of the header. */
    public Map<String, DeadLetter> deadLettersByHeader(String header) {
        Map<String, DeadLetter> found = new HashMap<>();
        List<TopicPartition> partition = List.of(DEAD_LETTER_PARTITION);
        long end = deadLetters.endOffsets(partition).getOrDefault(DEAD_LETTER_PARTITION, 0L);
        deadLetters.seekToBeginning(partition);
        while (deadLetters.position(DEAD_LETTER_PARTITION) < end) {
            for (ConsumerRecord<String, String> letter : deadLetters.poll(Duration.ofMillis(500))) {
                Map<String, String> headers = headers(letter);
                if (headers.containsKey(header)) {
                    found.put(
                            requireNonNull(headers.get(header)),
                            new DeadLetter(letter.value(), headers));
                }
            }
        }
        return found;
    }

    private void send(ProducerRecord<String, String> event) {
        awaitSent(producer.send(event));
    }

    private static void awaitSent(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("The record could not be published", e);
        }
    }

    /** Waits until there are exactly that many dead letters with that key. */
    public List<DeadLetter> awaitDeadLetters(String key, int expected) {
        List<DeadLetter> found = new ArrayList<>();
        deadLetters.seekToBeginning(List.of(DEAD_LETTER_PARTITION));
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> {
                            for (ConsumerRecord<String, String> letter :
                                    deadLetters.poll(Duration.ofMillis(500))) {
                                if (key.equals(letter.key())) {
                                    found.add(new DeadLetter(letter.value(), headers(letter)));
                                }
                            }
                            assertThat(found).hasSize(expected);
                        });
        return found;
    }

    private static Map<String, String> headers(ConsumerRecord<String, String> letter) {
        Map<String, String> headers = new HashMap<>();
        letter.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }

    @Override
    public void close() {
        producer.close();
        deadLetters.close();
    }
}
