package dev.parley.support;

import dev.parley.local.LocalTopics;
import dev.parley.session.Prose;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A session of many turns. Each is text that is published, stored and streamed alike. Some are long
 * and can't be compressed, so that a stream is more than what networks take without its reader.
 *
 * @param turns in order
 */
public record LongSession(String id, List<String> turns) {

    /** In all contents, and nowhere else. */
    public static final String SAID = "psst";

    private static final int LONG_TURN_BYTES = 18_000;
    private static final int EVERY = 8;

    public static LongSession of(String id, int count) {
        Random random = new Random(count);
        Prose prose = new Prose(count);
        Instant start = Instant.now().minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
        List<String> turns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String said = i % EVERY == 1 ? noise(random) : escaped(prose.text(Prose.MEAN_LENGTH));
            turns.add(turn(i, start.plusMillis(1_000L * i + 7), said));
        }
        return new LongSession(id, List.copyOf(turns));
    }

    private static String turn(int number, Instant at, String said) {
        return """
        {"turnId":"t-%d","occurredAt":"%s","role":"user","content":"%s %s"}"""
                .formatted(number, at, SAID, said);
    }

    private static String noise(Random random) {
        byte[] bytes = new byte[LONG_TURN_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String escaped(String prose) {
        return prose.replace("\\", "").replace("\"", "'").replace('\n', ' ');
    }

    public void publish(LocalTopics topics) {
        topics.publish(turns.stream().map(turn -> Map.entry(id, turn)).toList());
    }

    /** As they come in a stream. */
    public List<String> lines(String order) {
        return order.equals("asc") ? turns : turns.reversed();
    }

    @Override
    public String toString() {
        return "LongSession[" + id + "]";
    }
}
