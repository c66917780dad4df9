package dev.parley.packaged;

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

/** One dead letter that its topic doesn't take again must neither stop nor repeat the others. */
@Tag("packaged")
@Tag("slow")
class PutBackSizesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int MOST_BYTES = 10_000;
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
            admin.createTopics(
                            List.of(topic(topic, MOST_BYTES), topic(deadLetters, 10 * MOST_BYTES)))
                    .all()
                    .get();
        }
    }

    private static NewTopic topic(String name, int mostBytes) {
        return new NewTopic(name, 1, (short) 1)
                .configs(Map.of("max.message.bytes", Integer.toString(mostBytes)));
    }

    @Test
    void deadLetter_thatItsTopicDoesNotTake_isToldAndThoseAroundItGoBackOnce() throws Exception {
        byte[] first = "first".getBytes(UTF_8);
        byte[] grown = bytes(MOST_BYTES - 500);
        byte[] tooLarge = bytes(2 * MOST_BYTES);
        byte[] forged = "forged".getBytes(UTF_8);
        byte[] last = "last".getBytes(UTF_8);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(broker, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] largest = largest(producer);
            for (byte[] value : List.of(first, grown, tooLarge, largest, forged, last)) {
                producer.send(deadLetter(value, Arrays.equals(value, forged))).get();
            }

            String output = putBack();

            List<ConsumerRecord<byte[], byte[]>> there = records();
            assertThat(output)
                    .contains("Not put back, being larger than its topic takes: chat-turns-3@7")
                    .contains("from " + deadLetters + " to " + topic + ": 5.");
            // The first of them was published to find out how large a record may be.
            assertThat(there.subList(1, there.size()))
                    .extracting(ConsumerRecord::value)
                    .containsExactly(first, grown, largest, forged, last);
            assertThat(there.subList(1, there.size())).allSatisfy(PutBackSizesIT::assertAsItWas);
            assertThat(putBack()).contains("from " + deadLetters + " to " + topic + ": 0.");
            assertThat(records()).hasSameSizeAs(there);
        }
    }

    /** With the time that it had; what Parley said of it is no part of it. */
    private static void assertAsItWas(ConsumerRecord<byte[], byte[]> record) {
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

    /** A value of just so many bytes that its topic takes it, and not one header more. */
    private byte[] largest(KafkaProducer<byte[], byte[]> producer) throws Exception {
        for (int size = MOST_BYTES; ; size--) {
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

    private String putBack() throws InterruptedException {
        Map<String, String> settings =
                Map.of(
                        "mp.messaging.incoming.turns.topic", topic,
                        "mp.messaging.incoming.turns.group.id", topic,
                        "mp.messaging.outgoing.dead-letters.topic", deadLetters);
        try (ServiceProcess command = ServiceProcess.startCommand("put-back", settings)) {
            assertThat(command.awaitExit(PATIENCE)).as(command.output()).isZero();
            return command.output();
        }
    }
}
