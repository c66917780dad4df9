package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.json.Turns;
import dev.parley.session.EventCopies;
import dev.parley.session.Outcome;
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
 * Tests that the stored session does not depend on how its events are delivered: in which order,
 * how often, and in which batches. Two writers work at the same time. Their caches are outdated,
 * and between any two requests a writer may crash or lose an answer. In each case, the session that
 * the public reader returns equals a model that gets all events together, and no item of the whole
 * table contains a turn that was erased.
 *
 * <p>The test prints its seed. {@code -Dparley.seed=…} repeats a run, except for the order in which
 * the requests of the two writers alternate; {@code -Dparley.schedules=…} makes a run longer, as
 * {@code -Dfull} does with {@code parley.convergence}.
 */
@Tag("store")
class ConvergenceIT {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int SCHEDULES =
            Integer.getInteger("parley.schedules", Integer.getInteger("parley.convergence", 100));
    private static final int SCHEDULES_PER_HISTORY = 4;
    private static final int CONCURRENT_SCHEDULES = 16;
    private static final double CRASH_PROBABILITY = 0.03;

    /** Longer than any write takes on a busy machine. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final int PROGRESS_INTERVAL = 500;
    private static final Map<String, Instant> DELETION_TIMES = new ConcurrentHashMap<>();

    @Test
    void session_afterAnySchedule_equalsTheModel() throws Exception {
        System.out.printf("ConvergenceIT: -Dparley.seed=%d%n", SEED);
        try (LocalTable small = LocalTable.create(RandomHistory.TAIL_BYTES);
                LocalTable larger = LocalTable.create(3 * RandomHistory.TAIL_BYTES);
                ExecutorService threads = Executors.newFixedThreadPool(2 * CONCURRENT_SCHEDULES)) {
            Store smallStore = Store.of(small);
            Store largerStore = Store.of(larger);
            List<Callable<Void>> schedules = new ArrayList<>();
            for (int i = 0; i < SCHEDULES; i++) {
                int number = i;
                // If pages are larger, the head has more waiting turns.
                Store store = number % 2 == 0 ? smallStore : largerStore;
                schedules.add(() -> runSchedule(number, store));
            }
            int completed = 0;
            for (List<Callable<Void>> group : groups(schedules)) {
                for (Future<Void> done : threads.invokeAll(group)) {
                    done.get();
                    if (++completed % PROGRESS_INTERVAL == 0) {
                        System.out.printf("ConvergenceIT: %d of %d%n", completed, SCHEDULES);
                    }
                }
            }
            assertThat(smallStore.batches().statements()).isPositive();
            assertErased(small, DELETION_TIMES);
            assertErased(larger, DELETION_TIMES);
        }
    }

    /**
     * A table, and the requests that all writers share.
     *
     * @param batches makes batches fail
     */
    private record Store(LocalTable table, DynamoDb requests, FlakyBatches batches) {

        static Store of(LocalTable table) {
            FlakyBatches batches = table.flakyBatches(new Random(SEED), CRASH_PROBABILITY);
            return new Store(table, table.gathering(batches.client()), batches);
        }

        DynamoDbSessionWriter writer(Random random) {
            return table.crashingWriter(requests, random, CRASH_PROBABILITY);
        }
    }

    private static List<List<Callable<Void>>> groups(List<Callable<Void>> all) {
        List<List<Callable<Void>>> groups = new ArrayList<>();
        for (int from = 0; from < all.size(); from += CONCURRENT_SCHEDULES) {
            groups.add(all.subList(from, Math.min(all.size(), from + CONCURRENT_SCHEDULES)));
        }
        return groups;
    }

    /** Verifies one schedule. A failure names the schedule and the seed. */
    private static Void runSchedule(int number, Store store) {
        try {
            verifySchedule(number, store);
            return null;
        } catch (Exception | AssertionError e) {
            throw new AssertionError("schedule %d of seed %d".formatted(number, SEED), e);
        }
    }

    private static void verifySchedule(int number, Store store) throws Exception {
        LocalTable table = store.table();
        Random random = new Random(SEED + 31L * number);
        Random history = new Random(SEED + number / SCHEDULES_PER_HISTORY);
        String id = "s-" + number;
        if (number / SCHEDULES_PER_HISTORY % 3 == 0) {
            verifyWithoutTimes(id, RandomHistory.withoutDeletions(id, history), store, random);
            return;
        }
        List<SessionEvent> events = RandomHistory.of(id, history);

        deliver(store, id, RandomHistory.schedule(events, random), random);

        SessionModel.deletedAt(events).ifPresent(moment -> DELETION_TIMES.put(id, moment));
        Optional<Session> expected = SessionModel.of(id, events);
        List<Turn> turns = expected.map(Session::recentTurns).map(Turns::read).orElse(List.of());
        Optional<Session> found = table.find(id);
        assertThat(found.map(SessionModel::apartFromLayout))
                .isEqualTo(expected.map(SessionModel::apartFromLayout));
        assertThat(turns(table, id, TurnQuery.Order.OLDEST_FIRST, 7)).isEqualTo(turns);
        assertThat(turns(table, id, TurnQuery.Order.NEWEST_FIRST, 3).reversed()).isEqualTo(turns);
        found.ifPresent(
                session ->
                        assertThat(turns)
                                .endsWith(Turns.read(session.recentTurns()).toArray(Turn[]::new)));
    }

    /**
     * Verifies a schedule of a publisher that gives no times, so that each duplicate of a turn has
     * a different time. The time of the stored turn depends on which duplicate is stored first.
     * Nothing else depends on it.
     */
    private static void verifyWithoutTimes(
            String id, List<SessionEvent> events, Store store, Random random) throws Exception {
        LocalTable table = store.table();
        List<SessionEvent> schedule =
                RandomHistory.atOtherTimes(RandomHistory.schedule(events, random), random);

        deliver(store, id, schedule, random);

        Session expected = SessionModel.of(id, schedule).orElseThrow();
        Session found = table.get(id);
        List<Turn> turns = turns(table, id, TurnQuery.Order.OLDEST_FIRST, 7);
        assertThat(turns.stream().map(turn -> EventCopies.at(turn, START)))
                .containsExactlyInAnyOrderElementsOf(
                        Turns.read(expected.recentTurns()).stream()
                                .map(turn -> EventCopies.at(turn, START))
                                .toList());
        assertThat(turns).isSortedAccordingTo(Turn.ORDER);
        assertThat(turns)
                .allSatisfy(
                        turn -> assertThat(timesOf(turn, schedule)).contains(turn.occurredAt()));
        assertThat(found.counters()).isEqualTo(expected.counters());
        assertThat(found.attributes()).isEqualTo(expected.attributes());
        assertThat(found.userData()).isEqualTo(expected.userData());
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

    /**
     * Verifies that no item of the table contains a turn, or a part of a turn, that a deletion
     * should have erased.
     */
    private static void assertErased(LocalTable table, Map<String, Instant> deletions) {
        table.storedParts()
                .forEach(
                        (key, at) ->
                                assertThat(at)
                                        .as("the turn of %s, seed %d", key, SEED)
                                        .isAfter(
                                                deletions.getOrDefault(
                                                        key.split("#", 2)[0], Instant.MIN)));
        table.storedTurns()
                .forEach(
                        (key, turns) -> {
                            String id = key.split("#", 2)[0];
                            Instant deletedAt = deletions.getOrDefault(id, Instant.MIN);
                            assertThat(turns)
                                    .as("turns of item %s, seed %d", key, SEED)
                                    .allMatch(turn -> turn.occurredAt().isAfter(deletedAt));
                        });
    }

    private static List<Turn> turns(LocalTable table, String id, TurnQuery.Order order, int limit) {
        return table.turns(LocalTable.NOW, id, order, limit);
    }

    /** Delivers two halves at the same time, each to a writer with a separate cache. */
    private static void deliver(Store store, String id, List<SessionEvent> schedule, Random random)
            throws Exception {
        int half = random.nextInt(schedule.size() + 1);
        long seed = random.nextLong();
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> other =
                    thread.submit(
                            () ->
                                    consume(
                                            store,
                                            id,
                                            schedule.subList(half, schedule.size()),
                                            new Random(seed)));
            consume(store, id, schedule.subList(0, half), random);
            other.get();
        }
    }

    /**
     * Delivers events in batches, as a consumer does: after a crash it continues from its last
     * commit.
     */
    private static void consume(Store store, String id, List<SessionEvent> events, Random random) {
        DynamoDbSessionWriter writer = store.writer(random);
        int committed = 0;
        int next = 0;
        while (next < events.size()) {
            int end = Math.min(events.size(), next + 1 + random.nextInt(8));
            if (isApplied(writer.apply(id, events.subList(next, end)), random)) {
                next = end;
                committed = random.nextBoolean() ? next : committed;
            } else {
                writer = store.writer(random);
                next = committed;
            }
        }
    }

    /** Treats half of the crashes as a lost answer only: then the same write is tried again. */
    private static boolean isApplied(Uni<List<Outcome>> write, Random random) {
        try {
            assertThat(write.await().atMost(TIMEOUT)).doesNotContainNull();
            return true;
        } catch (RuntimeException e) {
            if (!RandomlyCrashingDynamoDb.isCrash(e)) {
                throw e;
            }
            return random.nextBoolean() && isApplied(write, random);
        }
    }
}
