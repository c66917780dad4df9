package dev.parley.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.local.LocalTopics;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Verifies the dead-letter topic against the rejected records in the topic of the events. */
final class DeadLetterAudit {

    private final String bootstrapServers;

    DeadLetterAudit(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * The topic, partition and offset of a record, which the headers of its dead letter contain.
     */
    private record RecordPosition(String topic, String partition, String offset) {
        static RecordPosition of(ConsumerRecord<String, String> record) {
            return new RecordPosition(
                    record.topic(), "" + record.partition(), "" + record.offset());
        }

        static RecordPosition inHeaders(ConsumerRecord<String, String> letter) {
            return new RecordPosition(
                    header(letter, "topic"), header(letter, "partition"), header(letter, "offset"));
        }

        private static String header(ConsumerRecord<String, String> letter, String name) {
            return new String(letter.headers().lastHeader("dead-letter-" + name).value(), UTF_8);
        }
    }

    private record Content(@Nullable String key, String value) {
        private static final int MAX_SHOWN = 60;

        static Content of(ConsumerRecord<String, String> record) {
            return new Content(record.key(), record.value());
        }

        @Override
        public String toString() {
            return key + ": " + value.substring(0, Math.min(MAX_SHOWN, value.length()));
        }
    }

    /**
     * Asserts that each rejected record has a dead letter with the same content, and that there are
     * no others. After a kill a record may have two dead letters: the first one was written, but
     * the offset was not committed yet.
     *
     * @param rejectedValues the values of the rejected records
     * @return the number of duplicate dead letters
     */
    long assertContainsExactly(Set<String> rejectedValues) {
        Map<RecordPosition, Content> published = new HashMap<>();
        TopicRecords.read(
                bootstrapServers,
                LocalTopics.TOPIC,
                record -> {
                    if (rejectedValues.contains(record.value())) {
                        published.put(RecordPosition.of(record), Content.of(record));
                    }
                });
        Map<RecordPosition, Content> deadLetters = new HashMap<>();
        long total =
                TopicRecords.read(
                        bootstrapServers,
                        LocalTopics.DEAD_LETTERS,
                        letter ->
                                deadLetters.put(
                                        RecordPosition.inHeaders(letter), Content.of(letter)));
        assertThat(published.values().stream().map(Content::value))
                .hasSameElementsAs(rejectedValues);
        assertThat(deadLetters).containsExactlyInAnyOrderEntriesOf(published);
        return total - deadLetters.size();
    }
}
