package dev.parley.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.local.LocalTopics;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Creates records that Parley rejects for various reasons. No two values are the same. */
final class RejectedRecord {

    /** The setting of the instances, so that records with a larger profile need not be large. */
    static final String MAX_PROFILE_BYTES = "16384";

    private static final int OVERSIZED_PROFILE_BYTES = 17_000;

    private final Random random;
    private int created;

    RejectedRecord(Random random) {
        this.random = random;
    }

    /** Creates the next record, which is meant for that session. */
    ProducerRecord<String, String> next(String sessionId) {
        int number = created++;
        String key = random.nextBoolean() ? sessionId : null;
        return switch (number % 6) {
            case 0 -> create(key, "not json " + number);
            case 1 -> create(key, "[\"an array\", %d]".formatted(number));
            case 2 -> create(key, turn(sessionId, number, "\"content\":\"a turn without a role\""));
            case 3 ->
                    create(
                            key,
                            turn(sessionId + "#p7", number, "\"role\":\"user\",\"content\":\"\""));
            case 4 -> batch(key, number);
            default -> create(key, profile(sessionId, number));
        };
    }

    private static String turn(String sessionId, int number, String more) {
        return "{\"sessionId\":\"%s\",\"turnId\":\"rejected-%d\",%s}"
                .formatted(sessionId, number, more);
    }

    /** Returns an event that can be decoded, but that the writer rejects for its large profile. */
    private static String profile(String sessionId, int number) {
        return "{\"type\":\"session.updated\",\"sessionId\":\"%s\",\"attributes\":{\"big\":\"%d%s\"}}"
                .formatted(sessionId, number, "x".repeat(OVERSIZED_PROFILE_BYTES));
    }

    private static ProducerRecord<String, String> batch(@Nullable String key, int number) {
        ProducerRecord<String, String> batch = create(key, "[{\"id\":\"%d\"}]".formatted(number));
        batch.headers().add("content-type", "application/cloudevents-batch+json".getBytes(UTF_8));
        return batch;
    }

    private static ProducerRecord<String, String> create(@Nullable String key, String value) {
        return new ProducerRecord<>(LocalTopics.TOPIC, key, value);
    }
}
