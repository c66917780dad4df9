package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.local.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that a dead letter that is too large for its topic neither stops nor repeats the others.
 */
@Tag("packaged")
@Tag("slow")
class DeadLetterReplaySizesIT {

    private static final int MAX_BYTES = 10_000;
    private static final String PUBLISHED_AT = "1795342394000";

    private final String topic = "sizes-" + UUID.randomUUID();
    private final String deadLetters = topic + "-dlq";
    private final Random random = new Random(1);
    private final Map<String, Object> broker =
            Map.of(
                    "bootstrap.servers",
                    LocalInfrastructureProcess.shared().kafka(),
                    "compression.type",
                    "gzip");

    @BeforeEach
    void createTopics() throws Exception {
        try (Admin admin = Admin.create(Map.copyOf(broker))) {
            admin.createTopics(List.of(topic(topic, MAX_BYTES), topic(deadLetters, 10 * MAX_BYTES)))
                    .all()
                    .get();
        }
    }

    private static NewTopic topic(String name, int maxBytes) {
        return new NewTopic(name, 1, (short) 1)
                .configs(Map.of("max.message.bytes", Integer.toString(maxBytes)));
    }

    @Test
    void deadLetter_tooLargeForItsTopic_isReportedAndTheOthersAreReplayedOnce() throws Exception {
        byte[] first = "first".getBytes(UTF_8);
        byte[] fitsWithoutDeadLetterHeaders = bytes(MAX_BYTES - 500);
        byte[] tooLarge = bytes(2 * MAX_BYTES);
        byte[] forged = "forged".getBytes(UTF_8);
        byte[] last = "last".getBytes(UTF_8);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(broker, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] largest = largest(producer);
            for (byte[] value :
                    List.of(first, fitsWithoutDeadLetterHeaders, tooLarge, largest, forged, last)) {
                producer.send(deadLetter(value, Arrays.equals(value, forged))).get();
            }

            String output = replay();

            List<ConsumerRecord<byte[], byte[]>> replayed = records();
            assertThat(output)
                    .contains("the record is larger than its topic accepts: chat-turns-3@7")
                    .contains("from " + deadLetters + " to " + topic + ": 5.");
            // The first record was published by largest(), to find the maximum size.
            assertThat(replayed.subList(1, replayed.size()))
                    .extracting(ConsumerRecord::value)
                    .containsExactly(first, fitsWithoutDeadLetterHeaders, largest, forged, last);
            assertThat(replayed.subList(1, replayed.size()))
                    .allSatisfy(DeadLetterReplaySizesIT::assertOriginal);
            assertThat(replay()).contains("from " + deadLetters + " to " + topic + ": 0.");
            assertThat(records()).hasSameSizeAs(replayed);
        }
    }

    /** Asserts that the record has its original time, and no other header of its dead letter. */
    private static void assertOriginal(ConsumerRecord<byte[], byte[]> record) {
        List<String> names = new ArrayList<>();
        record.headers().forEach(header -> names.add(header.key()));
        if (names.remove("dead-letter-timestamp")) {
            assertThat(record.headers().lastHeader("dead-letter-timestamp").value())
                    .isEqualTo(PUBLISHED_AT.getBytes(UTF_8));
        } else {
            assertThat(record.timestamp()).isEqualTo(Long.parseLong(PUBLISHED_AT));
        }
        assertThat(names).isEmpty();
    }

    private ProducerRecord<byte[], byte[]> deadLetter(byte[] value, boolean forged) {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(deadLetters, value);
        Map.of(
                        "dead-letter-reason",
                        "r".repeat(100),
                        "dead-letter-cause",
                        new String(bytes(600), UTF_8),
                        "dead-letter-topic",
                        "chat-turns",
                        "dead-letter-partition",
                        "3",
                        "dead-letter-offset",
                        "7",
                        "dead-letter-timestamp",
                        PUBLISHED_AT)
                .forEach((name, text) -> letter.headers().add(name, text.getBytes(UTF_8)));
        if (forged) {
            letter.headers().add("dead-letter-omitted", new byte[0]);
        }
        return letter;
    }

    /** Returns the largest value that its topic accepts, so that no further header fits. */
    private byte[] largest(KafkaProducer<byte[], byte[]> producer) throws Exception {
        for (int size = MAX_BYTES; ; size--) {
            byte[] value = bytes(size);
            try {
                producer.send(new ProducerRecord<>(topic, value)).get();
                return value;
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(RecordTooLargeException.class);
            }
        }
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private List<ConsumerRecord<byte[], byte[]>> records() {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", LocalInfrastructureProcess.shared().kafka()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(500)).forEach(records::add);
            }
        }
        return records;
    }

    private String replay() throws InterruptedException {
        Map<String, String> settings =
                Map.of(
                        "mp.messaging.incoming.turns.topic", topic,
                        "mp.messaging.incoming.turns.group.id", topic,
                        "mp.messaging.outgoing.dead-letters.topic", deadLetters);
        try (ServiceProcess command = ServiceProcess.startCommand("put-back", settings)) {
            assertThat(command.awaitExit(TIMEOUT)).as(command.output()).isZero();
            return command.output();
        }
    }
}
