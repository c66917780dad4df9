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

/** A session that someone holds, turn by turn, with amendments: the turn with number 7 is t-7. */
public final class Conversation {

    /** What can't be compressed, so that a page has few turns. */
    private static final int NOISE_BYTES = 240;

    private final LocalTopics topics;
    private final String id;
    private final Instant start =
            Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
    private final Map<String, Long> revisions = new HashMap<>();
    private int next;

    public Conversation(LocalTopics topics, String id) {
        this.topics = topics;
        this.id = id;
    }

    public String path() {
        return "/sessions/" + id;
    }

    public Instant timeOf(int number) {
        return start.plusSeconds(number);
    }

    public void say(int number) {
        say(number, number + 1);
    }

    /** Says the turns of those numbers. */
    public void say(int from, int to) {
        List<Map.Entry<String, String>> turns = new ArrayList<>();
        IntStream.range(from, to).forEach(i -> turns.add(turn("t-" + i, timeOf(i), 0, "t-" + i)));
        topics.publish(turns);
        next = to;
    }

    /** A turn that happened right after that one, and comes only now. */
    public void sayLate(int after) {
        String turnId = "late-" + after;
        topics.publish(List.of(turn(turnId, timeOf(after).plusMillis(500), 0, turnId)));
    }

    public void revise(int number, long revision) {
        String turnId = "t-" + number;
        topics.publish(List.of(turn(turnId, timeOf(number), revision, turnId + " again")));
    }

    /** Whatever comes next. */
    public void goOn(Random random) {
        say(next, next + random.nextInt(8));
        if (random.nextInt(3) == 0) {
            sayLate(random.nextInt(next));
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
                {"turnId":"%s","occurredAt":"%s","revision":%d,"role":"user","content":"%s %s"}"""
                        .formatted(
                                turnId,
                                at,
                                revision,
                                content,
                                Base64.getEncoder().encodeToString(noise)));
    }

    public int size() {
        return revisions.size();
    }

    /** The newest revision of each turn, by its id. */
    public Map<String, Long> all() {
        return Map.copyOf(revisions);
    }

    /** Of those from that number on, and those that were amended or came late. */
    public Map<String, Long> since(int number) {
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

    public static Predicate<Event> counting(int turns) {
        return event ->
                event.name().equals("session")
                        && event.data().contains("\"turnCount\":" + turns + ",");
    }
}
