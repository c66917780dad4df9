package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.EventBuilder;
import dev.parley.session.Outcome;
import dev.parley.session.Role;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionModel;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the order, however often, in whatever batches and by two writers at once: the stored
 * session equals a model that looks at all events together.
 *
 * <p>The seed is printed; {@code -Dparley.seed=…} repeats a run, {@code -Dparley.schedules=…} makes
 * it longer.
 */
class ConvergenceTest {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int SCHEDULES = Integer.getInteger("parley.schedules", 100);
    private static final int SCHEDULES_PER_SESSION = 4;
    private static final List<Role> ROLES = List.of(Role.values());

    @Test
    void session_afterAnySchedule_equalsTheModel() {
        System.out.printf("ConvergenceTest: -Dparley.seed=%d%n", SEED);
        Random random = new Random(SEED);
        try (LocalTable table = LocalTable.create()) {
            for (int i = 0; i < SCHEDULES; i++) {
                Random history = new Random(SEED + i / SCHEDULES_PER_SESSION);
                String id = "s-" + i;
                List<SessionEvent> events = history(id, history);

                deliver(table, id, schedule(events, random), random);

                assertThat(withoutVersion(table.find(id)))
                        .as("schedule %d of seed %d", i, SEED)
                        .isEqualTo(SessionModel.of(id, events));
            }
        }
    }

    /** Events with few ids, times and keys, so that they meet each other often. */
    private static List<SessionEvent> history(String id, Random random) {
        List<SessionEvent> events = new ArrayList<>();
        int size = 1 + random.nextInt(30);
        for (int i = 0; i < size; i++) {
            events.add(randomEvent(id, random));
        }
        return events;
    }

    private static SessionEvent randomEvent(String id, Random random) {
        EventBuilder event = event(id).at(random.nextInt(40));
        if (random.nextInt(3) == 0) {
            event.attribute(
                    "k" + random.nextInt(3), random.nextBoolean() ? null : "v" + random.nextInt(3));
        }
        if (random.nextInt(3) == 0) {
            event.userData("k" + random.nextInt(2), "v" + random.nextInt(3));
        }
        return switch (random.nextInt(16)) {
            case 0 -> event.deleted();
            case 1 -> event.ended();
            case 2, 3 ->
                    event.userId("u" + random.nextInt(2))
                            .channel("c" + random.nextInt(2))
                            .updated();
            default -> turn(event, random);
        };
    }

    /** Its id and revision say what a turn is: all but its patch is the same in every copy. */
    private static SessionEvent turn(EventBuilder event, Random random) {
        int number = random.nextInt(12);
        int revision = random.nextInt(3);
        event.at(3L * (number / 2)).revision(revision).role(ROLES.get(number % ROLES.size()));
        if (number % 3 == 0) {
            event.userId("u" + number)
                    .usage(number + revision, revision)
                    .latencyMs(100L * (3 - revision) + number);
        }
        if (revision == 1) {
            event.error();
        }
        return event.turn("t" + number, "revision " + revision);
    }

    private static List<SessionEvent> schedule(List<SessionEvent> events, Random random) {
        List<SessionEvent> schedule = new ArrayList<>(events);
        for (SessionEvent event : events) {
            if (random.nextInt(3) == 0) {
                schedule.add(event);
            }
        }
        Collections.shuffle(schedule, random);
        return schedule;
    }

    /** In batches of random size, each pair of batches by two writers at the same time. */
    private static void deliver(
            LocalTable table, String id, List<SessionEvent> schedule, Random random) {
        List<Uni<List<Outcome>>> atOnce = new ArrayList<>();
        for (int from = 0; from < schedule.size(); ) {
            int to = Math.min(schedule.size(), from + 1 + random.nextInt(6));
            atOnce.add(table.writer(LocalTable.NOW).apply(id, schedule.subList(from, to)));
            if (atOnce.size() == 2 || to == schedule.size()) {
                Uni.join().all(atOnce).andFailFast().await().atMost(Duration.ofSeconds(30));
                atOnce.clear();
            }
            from = to;
        }
    }

    private static Optional<Session> withoutVersion(Optional<Session> found) {
        return found.map(
                session ->
                        new Session(
                                session.id(),
                                session.userId(),
                                session.channel(),
                                session.status(),
                                session.startedAt(),
                                session.lastActivityAt(),
                                session.asOf(),
                                session.counters(),
                                session.attributes(),
                                session.userData(),
                                0,
                                session.recentTurns()));
    }
}
