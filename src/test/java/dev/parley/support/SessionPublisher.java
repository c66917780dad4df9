package dev.parley.support;

import dev.parley.local.LocalTopics;
import dev.parley.support.EventsClient.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Publishes the events of one session to Kafka: turns, late turns, revisions and the deletion. The
 * id of turn number 7 is t-7.
 */
public final class SessionPublisher {

    /**
     * The size of the random part of each content. It cannot be compressed, so that a page has few
     * turns.
     */
    private static final int NOISE_BYTES = 240;

    private final LocalTopics topics;
    private final String id;
    private final Instant start =
            Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
    private final Map<String, Long> revisions = new HashMap<>();
    private int next;

    public SessionPublisher(LocalTopics topics, String id) {
        this.topics = topics;
        this.id = id;
    }

    public String path() {
        return "/sessions/" + id;
    }

    public Instant timeOf(int number) {
        return start.plusSeconds(number);
    }

    public void publish(int number) {
        publish(number, number + 1);
    }

    /**
     * Publishes the turns of a range of numbers.
     *
     * @param to the number after the last one
     */
    public void publish(int from, int to) {
        List<Map.Entry<String, String>> turns = new ArrayList<>();
        IntStream.range(from, to).forEach(i -> turns.add(turn("t-" + i, timeOf(i), 0, "t-" + i)));
        topics.publish(turns);
        next = to;
    }

    /** Publishes a late turn: it happened half a second after the turn with the given number. */
    public void publishLateTurn(int after) {
        String turnId = "late-" + after;
        topics.publish(List.of(turn(turnId, timeOf(after).plusMillis(500), 0, turnId)));
    }

    public void revise(int number, long revision) {
        String turnId = "t-" + number;
        topics.publish(List.of(turn(turnId, timeOf(number), revision, turnId + " again")));
    }

    /** Publishes some next turns, and at random a late turn and revisions. */
    public void publishRandomEvents(Random random) {
        publish(next, next + random.nextInt(8));
        if (random.nextInt(3) == 0) {
            publishLateTurn(random.nextInt(next));
        }
        if (random.nextInt(3) == 0) {
            revise(random.nextInt(next), 1 + random.nextInt(3));
        }
        if (random.nextInt(2) == 0) {
            revise(next - 1, 1 + random.nextInt(3));
        }
    }

    public void delete() {
        topics.publish(
                id,
                "{\"type\":\"session.deleted\",\"occurredAt\":\"%s\"}".formatted(Instant.now()));
    }

    private Map.Entry<String, String> turn(
            String turnId, Instant at, long revision, String content) {
        byte[] noise = new byte[NOISE_BYTES];
        new Random(turnId.hashCode()).nextBytes(noise);
        revisions.merge(turnId, revision, Math::max);
        return Map.entry(
                id,
                """
                {"turnId":"%s","occurredAt":"%s","revision":%d,"role":"user","content":"%s %s"}\
                """
                        .formatted(
                                turnId,
                                at,
                                revision,
                                content,
                                Base64.getEncoder().encodeToString(noise)));
    }

    public int turnCount() {
        return revisions.size();
    }

    /** Returns the newest revision of each turn, by the id of the turn. */
    public Map<String, Long> newestRevisions() {
        return Map.copyOf(revisions);
    }

    /**
     * Returns the newest revisions of the turns from the given number on, of late turns, and of all
     * turns that were revised.
     */
    public Map<String, Long> newestRevisionsSince(int number) {
        Map<String, Long> since = new HashMap<>();
        revisions.forEach(
                (turnId, revision) -> {
                    boolean old = turnId.startsWith("t-") && numberOf(turnId) < number;
                    if (!old || revision > 0) {
                        since.put(turnId, revision);
                    }
                });
        return since;
    }

    private static int numberOf(String turnId) {
        return Integer.parseInt(turnId.substring(2));
    }

    public static Predicate<Event> turn(int number) {
        return event ->
                event.name().equals("turn")
                        && event.data().startsWith("{\"turnId\":\"t-" + number + "\"");
    }

    public static Predicate<Event> hasTurnCount(int turns) {
        return event ->
                event.name().equals("session")
                        && event.data().contains("\"turnCount\":" + turns + ",");
    }
}
