package dev.parley.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.local.LocalTopics;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What can never be stored, in one way after another; no two values are the same. */
final class RejectedRecord {

    private static final int MORE_THAN_A_PROFILE_TAKES = 17_000;

    private final Random random;
    private int made;

    RejectedRecord(Random random) {
        this.random = random;
    }

    /** The next one, which would be that session's if it could be read. */
    ProducerRecord<String, String> next(String sessionId) {
        int number = made++;
        String key = random.nextBoolean() ? sessionId : null;
        return switch (number % 6) {
            case 0 -> of(key, "not json " + number);
            case 1 -> of(key, "[\"an array\", %d]".formatted(number));
            case 2 -> of(key, turn(sessionId, number, "\"content\":\"nobody says it\""));
            case 3 ->
                    of(key, turn(sessionId + "#p7", number, "\"role\":\"user\",\"content\":\"\""));
            case 4 -> batch(key, number);
            default -> of(key, profile(sessionId, number));
        };
    }

    private static String turn(String sessionId, int number, String more) {
        return "{\"sessionId\":\"%s\",\"turnId\":\"poison-%d\",%s}"
                .formatted(sessionId, number, more);
    }

    /** It can be read, and is refused by the store. */
    private static String profile(String sessionId, int number) {
        return "{\"type\":\"session.updated\",\"sessionId\":\"%s\",\"attributes\":{\"big\":\"%d%s\"}}"
                .formatted(sessionId, number, "x".repeat(MORE_THAN_A_PROFILE_TAKES));
    }

    private static ProducerRecord<String, String> batch(@Nullable String key, int number) {
        ProducerRecord<String, String> batch = of(key, "[{\"id\":\"%d\"}]".formatted(number));
        batch.headers().add("content-type", "application/cloudevents-batch+json".getBytes(UTF_8));
        return batch;
    }

    private static ProducerRecord<String, String> of(@Nullable String key, String value) {
        return new ProducerRecord<>(LocalTopics.TOPIC, key, value);
    }
}
