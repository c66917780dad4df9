package dev.parley.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.ChangingSession.State;
import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.json.Turns;
import dev.parley.session.Consistency;
import dev.parley.session.EventBuilder;
import dev.parley.session.Json;
import dev.parley.session.ResultPage;
import dev.parley.session.SessionReader;
import dev.parley.session.SessionStoreException;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import io.smallrye.mutiny.Multi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whoever reads a session while it changes, from replicas that are behind, and from another one
 * each time, is given every turn that was there all the time, once and in order, and none that
 * never was; or the reading breaks off and says so. Whoever follows it has its turns in the end.
 *
 * <p>The seed is printed; {@code -Dparley.seed=…} repeats a run, {@code -Dparley.schedules=…} makes
 * it longer.
 */
@Tag("slow")
class StaleReadsTest {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int SESSIONS = Integer.getInteger("parley.schedules", 24);
    private static final int AT_ONCE = 8;
    private static final int MAX_LAG = 8;
    private static final double WRITES_BEFORE_READS = 0.25;
    private static final int LOOKS = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void turns_readFromReplicasThatAreBehind_areAllThereOnceOrTheReadingBreaksOff()
            throws Exception {
        System.out.printf("StaleReadsTest: -Dparley.seed=%d%n", SEED);
        try (LocalTable small = LocalTable.create(RandomHistory.TAIL_BYTES);
                LocalTable larger = LocalTable.create(3 * RandomHistory.TAIL_BYTES);
                ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Callable<Void>> runs = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                int number = i;
                LocalTable table = number % 2 == 0 ? small : larger;
                runs.add(() -> new Run(table, number).run());
            }
            for (Future<Void> done : threads.invokeAll(runs)) {
                done.get();
            }
        }
    }

    /** One session, and those who read it. */
    private static final class Run {
        private final String what;
        private final Random random;
        private final ChangingSession session;
        private final String id;
        private final LaggingDynamoDb.Lag lag;
        private final SessionReader reader;
        private final FollowedTurns follower;

        Run(LocalTable table, int number) {
            what = "session %d of seed %d".formatted(number, SEED);
            random = new Random(SEED + 31L * number);
            id = "s-" + number;
            session = new ChangingSession(table, id, random);
            lag = new LaggingDynamoDb.Lag(random.nextInt(MAX_LAG + 1), random.nextBoolean());
            DynamoDb requests = table.lagging(session.history(), lag, random, this::maybeWrite);
            reader = table.reader(LocalTable.NOW, requests);
            follower = new FollowedTurns(requests, id);
        }

        private CompletableFuture<?> maybeWrite() {
            return random.nextDouble() < WRITES_BEFORE_READS
                    ? session.write()
                    : CompletableFuture.completedFuture(null);
        }

        Void run() {
            while (!session.isComplete()) {
                session.write().join();
                switch (random.nextInt(3)) {
                    case 0 -> follow(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(12));
                    case 1 -> read(this::list);
                    default -> read(this::stream);
                }
            }
            for (int i = 0; i < LOOKS && !follower.turns().equals(session.state().turns()); i++) {
                follow(Integer.MAX_VALUE);
            }
            assertThat(follower.turns()).as(what).isEqualTo(session.state().turns());
            return null;
        }

        private void follow(int atMost) {
            long start = session.history().writes();
            boolean gone = follower.look(atMost);
            session.settle();
            assertThat(gone && exists(session.statesSince(start, 0)))
                    .as("gone, but there all the time: " + what)
                    .isFalse();
        }

        private static boolean exists(List<State> states) {
            return states.stream().allMatch(State::exists);
        }

        /** Gives the turns; empty if there is no session. */
        private interface Reading {
            Optional<List<Turn>> of(TurnQuery query);
        }

        private void read(Reading reading) {
            Consistency consistency =
                    random.nextInt(4) == 0 ? Consistency.STRONG : Consistency.EVENTUAL;
            TurnQuery query =
                    new TurnQuery(
                            random.nextBoolean()
                                    ? TurnQuery.Order.OLDEST_FIRST
                                    : TurnQuery.Order.NEWEST_FIRST,
                            range(),
                            1 + random.nextInt(25),
                            Optional.empty(),
                            consistency);
            long start = session.history().writes();
            Optional<List<Turn>> given;
            boolean brokenOff = false;
            try {
                given = reading.of(query);
            } catch (SessionStoreException.Unavailable e) {
                given = Optional.empty();
                brokenOff = true;
            }
            session.settle();
            int behind = consistency == Consistency.STRONG ? 0 : lag.writes();
            List<State> states = session.statesSince(start, behind);
            String how = "%s, broken off: %s, %s".formatted(query, brokenOff, what);
            if (given.isPresent()) {
                check(given.get(), query, states, how);
            } else {
                assertThat(exists(states)).as("not there, but it was: " + how).isFalse();
            }
        }

        private TimeRange range() {
            if (random.nextInt(3) > 0) {
                return TimeRange.ALL;
            }
            Instant from = EventBuilder.START.plusSeconds(random.nextInt(60) - 10);
            return new TimeRange(from, from.plusSeconds(1 + random.nextInt(40)));
        }

        private static void check(
                List<Turn> given, TurnQuery query, List<State> states, String how) {
            boolean oldestFirst = query.order() == TurnQuery.Order.OLDEST_FIRST;
            Comparator<Turn> order = oldestFirst ? Turn.ORDER : Turn.ORDER.reversed();
            assertThat(given).as(how).isSortedAccordingTo(order);
            List<String> ids = given.stream().map(Turn::id).toList();
            assertThat(ids).as(how).doesNotHaveDuplicates();
            List<Map<String, Long>> stored =
                    states.stream().map(state -> state.revisions(query.occurred())).toList();
            List<String> always =
                    stored.getFirst().keySet().stream()
                            .filter(turn -> stored.stream().allMatch(s -> s.containsKey(turn)))
                            .toList();
            assertThat(ids).as(how).containsAll(always);
            for (Turn turn : given) {
                assertThat(
                                stored.stream()
                                        .filter(state -> state.containsKey(turn.id()))
                                        .mapToLong(state -> state.get(turn.id()))
                                        .summaryStatistics())
                        .as(turn.id() + " was there, in that revision: " + how)
                        .satisfies(
                                all ->
                                        assertThat(turn.revision())
                                                .isBetween(all.getMin(), all.getMax()));
            }
        }

        private Optional<List<Turn>> list(TurnQuery query) {
            List<Turn> given = new ArrayList<>();
            Optional<String> cursor = Optional.empty();
            do {
                TurnQuery part =
                        new TurnQuery(
                                query.order(),
                                query.occurred(),
                                query.limit(),
                                cursor,
                                query.consistency());
                Optional<ResultPage<Json>> found =
                        reader.listTurns(id, part).await().atMost(PATIENCE);
                if (found.isEmpty()) {
                    return Optional.empty();
                }
                given.addAll(Turns.read(found.get().items()));
                cursor = found.get().next();
            } while (cursor.isPresent());
            return Optional.of(given);
        }

        private Optional<List<Turn>> stream(TurnQuery query) {
            Optional<Multi<List<Json>>> found =
                    reader.streamTurns(id, query).await().atMost(PATIENCE);
            return found.map(
                    turns ->
                            turns.onItem()
                                    .disjoint()
                                    .map(turn -> Turns.read((Json) turn))
                                    .collect()
                                    .asList()
                                    .await()
                                    .atMost(PATIENCE));
        }
    }
}
