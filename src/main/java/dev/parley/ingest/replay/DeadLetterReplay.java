package dev.parley.ingest.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.ingest.DeadLetters;
import dev.parley.ingest.decode.EventRecord;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.QuarkusApplication;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.Dependent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Replays the dead letters: publishes their records again, as they were, once the cause of the
 * failure is fixed. Each record is replayed once, because a separate consumer group stores the
 * progress after each record. If the command crashes, the record in progress may be published
 * twice, which does no harm. Records that can't be replayed are reported and skipped. A record that
 * fails again is written to the dead-letter topic again, with its reason.
 */
@Dependent
@Unremovable
public class DeadLetterReplay implements QuarkusApplication {

    /**
     * The Quarkus profile of this command, in which nothing is served. It has the command's former
     * name, because users may have configured it.
     */
    public static final String PROFILE = "put-back";

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int MAX_REQUEST_BYTES = 10 * 1024 * 1024;

    private final Map<String, Object> broker;
    private final String deadLetters;
    private final String topic;
    private final String group;

    DeadLetterReplay(
            @Identifier("default-kafka-broker") Map<String, Object> broker,
            @ConfigProperty(name = "mp.messaging.outgoing.dead-letters.topic") String deadLetters,
            @ConfigProperty(name = "mp.messaging.incoming.turns.topic") String topic,
            @ConfigProperty(name = "mp.messaging.incoming.turns.group.id") String group) {
        this.broker = broker;
        this.deadLetters = deadLetters;
        this.topic = topic;
        // The former name of the command. Another group would replay all dead letters once more.
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
                for (ConsumerRecord<byte[], byte[]> letter : consumer.poll(POLL)) {
                    count += replay(letter, ends, consumer, producer) ? 1 : 0;
                }
            }
            System.out.printf(
                    "Records replayed from %s to %s: %d. Each record that fails again returns to the"
                            + " dead-letter topic with its reason.%n",
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

    /**
     * Replays one dead letter and commits its offset. Returns whether the record was replayed. Only
     * dead letters that existed at the start are replayed: records that fail again meanwhile are
     * left for the next run.
     */
    private boolean replay(
            ConsumerRecord<byte[], byte[]> letter,
            Map<TopicPartition, Long> ends,
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaProducer<byte[], byte[]> producer)
            throws ExecutionException, InterruptedException {
        TopicPartition partition = new TopicPartition(letter.topic(), letter.partition());
        long end = ends.getOrDefault(partition, 0L);
        if (letter.offset() >= end) {
            consumer.seek(partition, end);
            return false;
        }
        boolean replayed = publish(letter, producer);
        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(letter.offset() + 1)));
        return replayed;
    }

    /** Publishes the record again. Returns false, and reports the reason, if that is impossible. */
    private boolean publish(
            ConsumerRecord<byte[], byte[]> letter, KafkaProducer<byte[], byte[]> producer)
            throws ExecutionException, InterruptedException {
        if (isOmitted(letter)) {
            report(letter, "its dead letter is incomplete (" + text(letter, "omitted") + ")");
            return false;
        }
        long publishedAt = new EventRecord(letter).publishedMillis();
        Headers headers = DeadLetters.headersOfRecord(letter);
        Headers withTime = DeadLetters.headersOfRecord(letter);
        withTime.add(EventRecord.FIRST_PUBLISHED_AT, Long.toString(publishedAt).getBytes(UTF_8));
        if (send(record(letter, null, withTime), producer) == null) {
            return true;
        }
        // A record that is exactly as large as its topic allows has no room for another header.
        // Then the original time becomes the timestamp of the new record, and a topic with a short
        // retention may delete that record soon.
        String refusal = send(record(letter, publishedAt, headers), producer);
        if (refusal != null) {
            report(letter, refusal);
        }
        return refusal == null;
    }

    private ProducerRecord<byte[], byte[]> record(
            ConsumerRecord<byte[], byte[]> letter, @Nullable Long timestamp, Headers headers) {
        Long known = timestamp == null || timestamp < 0 ? null : timestamp;
        return new ProducerRecord<>(topic, null, known, letter.key(), letter.value(), headers);
    }

    /**
     * Sends the record. Returns why the topic refuses it, or null if the topic has it. Any other
     * failure is not caused by the record, and is thrown.
     */
    private static @Nullable String send(
            ProducerRecord<byte[], byte[]> record, KafkaProducer<byte[], byte[]> producer)
            throws ExecutionException, InterruptedException {
        try {
            producer.send(record).get();
            return null;
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case RecordTooLargeException _ -> "the record is larger than its topic accepts";
                case InvalidTimestampException _ -> "its topic does not accept its timestamp";
                case null, default -> throw e;
            };
        }
    }

    /**
     * Returns whether the dead letter lacks its record. If a dead letter has this header but also a
     * value, Parley did not write the header.
     */
    private static boolean isOmitted(ConsumerRecord<byte[], byte[]> letter) {
        return letter.headers().lastHeader(DeadLetters.OMITTED) != null
                && letter.value() != null
                && letter.value().length == 0;
    }

    /** Reports a record that is not replayed by its original topic, partition and offset. */
    private static void report(ConsumerRecord<byte[], byte[]> letter, String reason) {
        System.out.printf(
                "Not replayed, because %s: %s-%s@%s%n",
                reason, text(letter, "topic"), text(letter, "partition"), text(letter, "offset"));
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

    /** Creates a producer for records that are larger than a producer accepts by default. */
    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> settings = new HashMap<>(broker);
        settings.put("max.request.size", MAX_REQUEST_BYTES);
        settings.put("compression.type", "gzip");
        // The command waits for each record, so no other record could share its request.
        settings.put("linger.ms", 0);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
