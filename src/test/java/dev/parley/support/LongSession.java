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
 * A session of many turns. The text of a turn is the same when it is published, stored and
 * streamed. Some turns are long and cannot be compressed, so that a stream is larger than the
 * network buffers.
 *
 * @param turns the JSON of each turn, in order
 */
public record LongSession(String id, List<String> turns) {

    /** A text that all contents have, and that occurs nowhere else. */
    public static final String MARKER = "psst";

    private static final int LONG_TURN_BYTES = 18_000;
    private static final int LONG_TURN_INTERVAL = 8;

    public static LongSession of(String id, int count) {
        Random random = new Random(count);
        Prose prose = new Prose(count);
        Instant start = Instant.now().minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
        List<String> turns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String content =
                    i % LONG_TURN_INTERVAL == 1
                            ? noise(random)
                            : escaped(prose.text(Prose.MEAN_LENGTH));
            turns.add(turn(i, start.plusMillis(1_000L * i + 7), content));
        }
        return new LongSession(id, List.copyOf(turns));
    }

    private static String turn(int number, Instant at, String content) {
        return """
        {"turnId":"t-%d","occurredAt":"%s","role":"user","content":"%s %s"}\
        """
                .formatted(number, at, MARKER, content);
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

    /** Returns the lines of a stream in the given order. */
    public List<String> lines(String order) {
        return order.equals("asc") ? turns : turns.reversed();
    }

    @Override
    public String toString() {
        return "LongSession[" + id + "]";
    }
}
