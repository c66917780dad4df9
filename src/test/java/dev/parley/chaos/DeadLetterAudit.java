package dev.parley.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.local.LocalTopics;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Holds the dead-letter topic against the poison that is in the topic itself. */
final class DeadLetterAudit {

    private final String bootstrapServers;

    DeadLetterAudit(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Where a record is, as a dead letter tells of the record that it is made from. */
    private record Place(String topic, String partition, String offset) {
        static Place of(ConsumerRecord<String, String> record) {
            return new Place(record.topic(), "" + record.partition(), "" + record.offset());
        }

        static Place toldBy(ConsumerRecord<String, String> letter) {
            return new Place(
                    header(letter, "topic"), header(letter, "partition"), header(letter, "offset"));
        }

        private static String header(ConsumerRecord<String, String> letter, String name) {
            return new String(letter.headers().lastHeader("dead-letter-" + name).value(), UTF_8);
        }
    }

    private record Content(@Nullable String key, String value) {
        private static final int SHOWN = 60;

        static Content of(ConsumerRecord<String, String> record) {
            return new Content(record.key(), record.value());
        }

        @Override
        public String toString() {
            return key + ": " + value.substring(0, Math.min(SHOWN, value.length()));
        }
    }

    /**
     * Each poison is set aside as it was, and nothing else is. After a kill one may be there twice:
     * it was set aside and not committed yet.
     *
     * @param poison the values
     * @return how many dead letters there are of records that there was one of already
     */
    long assertHolds(Set<String> poison) {
        Map<Place, Content> sent = new HashMap<>();
        TopicRecords.read(
                bootstrapServers,
                LocalTopics.TOPIC,
                record -> {
                    if (poison.contains(record.value())) {
                        sent.put(Place.of(record), Content.of(record));
                    }
                });
        Map<Place, Content> setAside = new HashMap<>();
        long letters =
                TopicRecords.read(
                        bootstrapServers,
                        LocalTopics.DEAD_LETTERS,
                        letter -> setAside.put(Place.toldBy(letter), Content.of(letter)));
        assertThat(sent.values().stream().map(Content::value)).hasSameElementsAs(poison);
        assertThat(setAside).containsExactlyInAnyOrderEntriesOf(sent);
        return letters - setAside.size();
    }
}
