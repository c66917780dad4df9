package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.START;
import static dev.parley.session.EventBuilder.event;

import dev.parley.session.EventBuilder;
import dev.parley.session.EventCopies;
import dev.parley.session.Patch;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Generates random events of one session, with many unusual combinations. */
public final class RandomHistory {

    /** The maximum size of a tail with which even such a short history has many pages. */
    public static final int TAIL_BYTES = 260;

    private static final List<Role> ROLES = List.of(Role.values());

    private RandomHistory() {}

    /**
     * Returns events with few distinct ids, times and keys, so that they often conflict with each
     * other. One history in three may contain deletions.
     */
    public static List<SessionEvent> of(String id, Random random) {
        return of(id, random, random.nextInt(3) == 0);
    }

    /** Returns such events without deletions. */
    public static List<SessionEvent> withoutDeletions(String id, Random random) {
        return of(id, random, false);
    }

    private static List<SessionEvent> of(String id, Random random, boolean deletions) {
        List<SessionEvent> events = new ArrayList<>();
        int size = 1 + random.nextInt(60);
        for (int i = 0; i < size; i++) {
            events.add(randomEvent(id, random, deletions));
        }
        return events;
    }

    private static SessionEvent randomEvent(String id, Random random, boolean deletions) {
        EventBuilder event = event(id).at(random.nextInt(80));
        if (random.nextInt(3) == 0) {
            event.attribute("k" + random.nextInt(3), random.nextBoolean() ? null : value(random));
        }
        if (random.nextInt(3) == 0) {
            event.userData("k" + random.nextInt(2), value(random));
        }
        return switch (random.nextInt(20)) {
            case 0 -> deletions ? event.deleted() : event.ended();
            case 1 -> event.ended();
            case 2, 3 ->
                    event.userId("u" + random.nextInt(2))
                            .channel("c" + random.nextInt(2))
                            .updated();
            case 4 -> event.clears().updated();
            default -> turn(event, random);
        };
    }

    /** Returns one of few values, some of them too large for the head. */
    private static String value(Random random) {
        return "v" + random.nextInt(3) + "-".repeat(random.nextInt(3) * 300);
    }

    /**
     * Returns a turn. Its number and revision determine everything except its patch, so that
     * duplicates differ in their patches only. The latencies are in all buckets, and most revisions
     * are in another bucket than the revision before.
     */
    private static SessionEvent turn(EventBuilder event, Random random) {
        int number = random.nextInt(40);
        int revision = random.nextInt(3);
        event.at(2L * (number / 3)).revision(revision).role(ROLES.get(number % ROLES.size()));
        if (number % 3 == 0) {
            event.userId("u" + number)
                    .usage(number + revision, revision)
                    .latencyMs((3L - revision) * (4L << (number / 3)));
        }
        if (revision == 1) {
            event.error();
        }
        return event.turn(
                "t" + number, "revision " + revision + noise(number, length(number, revision)));
    }

    /**
     * Returns the same events, but each turn has a random time, as if the time of its record were
     * used.
     */
    public static List<SessionEvent> atOtherTimes(List<SessionEvent> events, Random random) {
        return events.stream().map(event -> atAnotherTime(event, random)).toList();
    }

    private static SessionEvent atAnotherTime(SessionEvent event, Random random) {
        return event instanceof SessionEvent.TurnRecorded recorded
                ? EventCopies.at(withoutPatch(recorded), START.plusSeconds(random.nextInt(80)))
                : event;
    }

    /**
     * Removes the patch of a turn. A patch counts from the time of its turn, and that time is
     * random here.
     */
    private static SessionEvent.TurnRecorded withoutPatch(SessionEvent.TurnRecorded recorded) {
        return new SessionEvent.TurnRecorded(recorded.sessionId(), recorded.turn(), Patch.NONE);
    }

    /**
     * Returns the length of a text. Some are larger than the maximum size of a tail even when they
     * are deflated, and some are so large that they are stored in parts.
     */
    private static int length(int number, int revision) {
        if (revision == 1) {
            return 0;
        }
        return number % 11 == 0 ? 2 * TAIL_BYTES : number % 13 == 0 ? 6 * TAIL_BYTES : 0;
    }

    private static String noise(int seed, int length) {
        Random random = new Random(seed);
        StringBuilder noise = new StringBuilder();
        for (int i = 0; i < length; i++) {
            noise.append((char) ('a' + random.nextInt(26)));
        }
        return noise.toString();
    }

    /** Returns the events in random order, some of them more than once. */
    public static List<SessionEvent> schedule(List<SessionEvent> events, Random random) {
        List<SessionEvent> schedule = new ArrayList<>(events);
        for (SessionEvent event : events) {
            if (random.nextInt(3) == 0) {
                schedule.add(event);
            }
        }
        Collections.shuffle(schedule, random);
        return schedule;
    }
}
