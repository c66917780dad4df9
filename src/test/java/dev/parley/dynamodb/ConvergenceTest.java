package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.json.Turns;
import dev.parley.session.Outcome;
import dev.parley.session.Retimed;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionModel;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever the order, however often, in whatever batches, by two writers at once that know too
 * little of each other and die, or lose an answer, between any two requests: the stored session,
 * read through the public reader, equals a model that looks at all events together, and no item of
 * the whole table holds a turn that was erased.
 *
 * <p>The seed is printed; {@code -Dparley.seed=…} repeats a run (but for how the two writers meet),
 * {@code -Dparley.schedules=…} makes it longer.
 */
@Tag("faults")
class ConvergenceTest {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int SCHEDULES = Integer.getInteger("parley.schedules", 300);
    private static final int SCHEDULES_PER_HISTORY = 4;
    private static final int AT_ONCE = 16;
    private static final double CRASHES = 0.03;

    /** Longer than any write takes on a machine that is busy. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int PROGRESS = 500;
    private static final Map<String, Instant> DELETIONS = new ConcurrentHashMap<>();

    @Test
    void session_afterAnySchedule_equalsTheModel() throws Exception {
        System.out.printf("ConvergenceTest: -Dparley.seed=%d%n", SEED);
        try (LocalTable small = LocalTable.create(RandomHistory.TAIL_BYTES);
                LocalTable larger = LocalTable.create(3 * RandomHistory.TAIL_BYTES);
                ExecutorService threads = Executors.newFixedThreadPool(2 * AT_ONCE)) {
            List<Callable<Void>> schedules = new ArrayList<>();
            for (int i = 0; i < SCHEDULES; i++) {
                int number = i;
                // Where pages are larger, more turns that come late wait for theirs.
                LocalTable table = number % 2 == 0 ? small : larger;
                schedules.add(() -> named(number, table));
            }
            int run = 0;
            for (List<Callable<Void>> some : parts(schedules)) {
                for (Future<Void> done : threads.invokeAll(some)) {
                    done.get();
                    if (++run % PROGRESS == 0) {
                        System.out.printf("ConvergenceTest: %d of %d%n", run, SCHEDULES);
                    }
                }
            }
            assertErased(small, DELETIONS);
            assertErased(larger, DELETIONS);
        }
    }

    private static List<List<Callable<Void>>> parts(List<Callable<Void>> all) {
        List<List<Callable<Void>>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            parts.add(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
        }
        return parts;
    }

    private static Void named(int number, LocalTable table) {
        try {
            run(number, table);
            return null;
        } catch (Exception e) {
            throw new AssertionError("schedule %d of seed %d".formatted(number, SEED), e);
        }
    }

    private static void run(int number, LocalTable table) throws Exception {
        Random random = new Random(SEED + 31L * number);
        Random history = new Random(SEED + number / SCHEDULES_PER_HISTORY);
        String id = "s-" + number;
        if (number / SCHEDULES_PER_HISTORY % 3 == 0) {
            runWithoutTimes(number, id, RandomHistory.withoutDeletions(id, history), table, random);
            return;
        }
        List<SessionEvent> events = RandomHistory.of(id, history);

        deliver(table, id, RandomHistory.schedule(events, random), random);

        SessionModel.deletedAt(events).ifPresent(moment -> DELETIONS.put(id, moment));
        Optional<Session> expected = SessionModel.of(id, events);
        List<Turn> turns = expected.map(Session::recentTurns).map(Turns::read).orElse(List.of());
        Optional<Session> found = table.find(id);
        String schedule = "schedule %d of seed %d".formatted(number, SEED);
        assertThat(found.map(SessionModel::apartFromLayout))
                .as(schedule)
                .isEqualTo(expected.map(SessionModel::apartFromLayout));
        assertThat(turns(table, id, TurnQuery.Order.OLDEST_FIRST, 7)).as(schedule).isEqualTo(turns);
        assertThat(turns(table, id, TurnQuery.Order.NEWEST_FIRST, 3).reversed())
                .as(schedule)
                .isEqualTo(turns);
        found.ifPresent(
                session ->
                        assertThat(turns)
                                .as(schedule)
                                .endsWith(Turns.read(session.recentTurns()).toArray(Turn[]::new)));
    }

    /**
     * The turns' publisher tells no times, so that each copy has another one: which of them a turn
     * ends up with depends on which is stored first, and nothing else does.
     */
    private static void runWithoutTimes(
            int number, String id, List<SessionEvent> events, LocalTable table, Random random)
            throws Exception {
        List<SessionEvent> schedule =
                RandomHistory.atOtherTimes(RandomHistory.schedule(events, random), random);

        deliver(table, id, schedule, random);

        Session expected = SessionModel.of(id, schedule).orElseThrow();
        Session found = table.get(id);
        List<Turn> turns = turns(table, id, TurnQuery.Order.OLDEST_FIRST, 7);
        String what = "schedule %d of seed %d".formatted(number, SEED);
        assertThat(turns.stream().map(turn -> Retimed.at(turn, START)))
                .as(what)
                .containsExactlyInAnyOrderElementsOf(
                        Turns.read(expected.recentTurns()).stream()
                                .map(turn -> Retimed.at(turn, START))
                                .toList());
        assertThat(turns).as(what).isSortedAccordingTo(Turn.ORDER);
        assertThat(turns)
                .as(what)
                .allSatisfy(
                        turn -> assertThat(timesOf(turn, schedule)).contains(turn.occurredAt()));
        assertThat(found.counters()).as(what).isEqualTo(expected.counters());
        assertThat(found.attributes()).as(what).isEqualTo(expected.attributes());
        assertThat(found.userData()).as(what).isEqualTo(expected.userData());
    }

    private static Set<Instant> timesOf(Turn turn, List<SessionEvent> schedule) {
        return schedule.stream()
                .filter(
                        event ->
                                event instanceof SessionEvent.TurnRecorded recorded
                                        && recorded.turn().identity().equals(turn.identity()))
                .map(SessionEvent::occurredAt)
                .collect(Collectors.toSet());
    }

    /** Whatever is left of a deletion in the whole table: turns that it should have removed. */
    private static void assertErased(LocalTable table, Map<String, Instant> deletions) {
        table.storedTurns()
                .forEach(
                        (key, turns) -> {
                            String id = key.split("#", 2)[0];
                            Instant deletedAt = deletions.getOrDefault(id, Instant.MIN);
                            assertThat(turns)
                                    .as("%s of seed %d", key, SEED)
                                    .allMatch(turn -> turn.occurredAt().isAfter(deletedAt));
                        });
    }

    private static List<Turn> turns(LocalTable table, String id, TurnQuery.Order order, int limit) {
        return table.turns(LocalTable.NOW, id, order, limit);
    }

    /** Two halves at the same time, each by a writer with a cache of its own. */
    private static void deliver(
            LocalTable table, String id, List<SessionEvent> schedule, Random random)
            throws Exception {
        int half = random.nextInt(schedule.size() + 1);
        long seed = random.nextLong();
        try (ExecutorService second = Executors.newSingleThreadExecutor()) {
            Future<?> other =
                    second.submit(
                            () ->
                                    consume(
                                            table,
                                            id,
                                            schedule.subList(half, schedule.size()),
                                            new Random(seed)));
            consume(table, id, schedule.subList(0, half), random);
            other.get();
        }
    }

    /** In batches, as a consumer does: after a crash it goes on from its last commit. */
    private static void consume(
            LocalTable table, String id, List<SessionEvent> events, Random random) {
        DynamoDbSessionWriter writer = table.crashingWriter(random, CRASHES);
        int committed = 0;
        int next = 0;
        while (next < events.size()) {
            int batch = Math.min(events.size(), next + 1 + random.nextInt(8));
            if (isApplied(writer.apply(id, events.subList(next, batch)), random)) {
                next = batch;
                committed = random.nextBoolean() ? next : committed;
            } else {
                writer = table.crashingWriter(random, CRASHES);
                next = committed;
            }
        }
    }

    /** As often as not what looked like a crash was a lost answer only: then the write goes on. */
    private static boolean isApplied(Uni<List<Outcome>> write, Random random) {
        try {
            assertThat(write.await().atMost(PATIENCE)).doesNotContainNull();
            return true;
        } catch (RuntimeException e) {
            if (!CrashingDynamoDb.isCrash(e)) {
                throw e;
            }
            return random.nextBoolean() && isApplied(write, random);
        }
    }
}
