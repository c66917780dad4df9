package dev.parley.dynamodb;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.ChangingSession.State;
import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.json.Turns;
import dev.parley.session.Consistency;
import dev.parley.session.EventBuilder;
import dev.parley.session.Json;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionReader;
import dev.parley.session.SessionStoreException;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import io.smallrye.mutiny.Multi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests reads of a session that changes meanwhile, if each read may be answered by another outdated
 * replica. A reader gets every turn that existed all the time, once and in order, and no turn that
 * never existed; otherwise the read fails visibly. The attributes are those of one moment. A
 * follower has the current turns in the end.
 *
 * <p>The seed is printed; {@code -Dparley.seed=…} repeats a run, {@code -Dparley.schedules=…} makes
 * it longer.
 */
@Tag("slow")
class StaleReadsIT {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int SESSIONS = Integer.getInteger("parley.schedules", 24);
    private static final int CONCURRENT_RUNS = 8;
    private static final int MAX_LAG = 8;
    private static final double WRITE_PROBABILITY = 0.25;
    private static final int MAX_POLLS = 500;

    @Test
    void turns_readFromOutdatedReplicas_areCompleteOrReadFails() throws Exception {
        System.out.printf("StaleReadsIT: -Dparley.seed=%d%n", SEED);
        try (LocalTable small = LocalTable.create(RandomHistory.TAIL_BYTES);
                LocalTable larger = LocalTable.create(3 * RandomHistory.TAIL_BYTES);
                ExecutorService threads = Executors.newFixedThreadPool(CONCURRENT_RUNS)) {
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

    /** One session, with a reader and a follower. */
    private static final class Run {
        private final String runName;
        private final Random random;
        private final ChangingSession session;
        private final String id;
        private final LaggingDynamoDb.Lag lag;
        private final SessionReader reader;
        private final FollowingClient follower;

        Run(LocalTable table, int number) {
            runName = "session %d of seed %d".formatted(number, SEED);
            random = new Random(SEED + 31L * number);
            id = "s-" + number;
            session = new ChangingSession(table, id, random);
            lag = new LaggingDynamoDb.Lag(random.nextInt(MAX_LAG + 1), random.nextBoolean());
            DynamoDb requests = table.lagging(session.history(), lag, random, this::maybeWrite);
            reader = table.reader(LocalTable.NOW, requests);
            follower = new FollowingClient(requests, id);
        }

        private CompletableFuture<?> maybeWrite() {
            return random.nextDouble() < WRITE_PROBABILITY
                    ? session.write()
                    : CompletableFuture.completedFuture(null);
        }

        Void run() {
            while (!session.isComplete()) {
                session.write().join();
                switch (random.nextInt(4)) {
                    case 0 -> follow(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(12));
                    case 1 -> read(this::list);
                    case 2 -> readAttributes();
                    default -> read(this::stream);
                }
            }
            for (int i = 0;
                    i < MAX_POLLS && !follower.turns().equals(session.state().turns());
                    i++) {
                follow(Integer.MAX_VALUE);
            }
            assertThat(follower.turns()).as(runName).isEqualTo(session.state().turns());
            return null;
        }

        private void follow(int atMost) {
            long start = session.history().writes();
            boolean gone = follower.poll(atMost);
            session.awaitWrite();
            assertThat(gone && alwaysExists(session.statesSince(start, 0)))
                    .as("reported as gone although the session always existed: " + runName)
                    .isFalse();
        }

        private static boolean alwaysExists(List<State> states) {
            return states.stream().allMatch(State::exists);
        }

        /** The attributes are those of one moment, although they may be in two items. */
        private void readAttributes() {
            Consistency consistency = randomConsistency();
            long start = session.history().writes();
            Optional<Session> found = reader.find(id, 0, consistency).await().atMost(TIMEOUT);
            session.awaitWrite();
            assertThat(session.statesSince(start, lag(consistency)))
                    .as("the attributes of %s, %s", consistency, runName)
                    .anySatisfy(
                            state -> {
                                assertThat(found.isPresent()).isEqualTo(state.exists());
                                assertThat(found.map(Session::attributes).orElse(new TreeMap<>()))
                                        .isEqualTo(state.attributes());
                            });
        }

        private Consistency randomConsistency() {
            return random.nextInt(4) == 0 ? Consistency.STRONG : Consistency.EVENTUAL;
        }

        private int lag(Consistency consistency) {
            return consistency == Consistency.STRONG ? 0 : lag.writes();
        }

        /** Reads the turns; empty if there is no session. */
        private interface TurnSource {
            Optional<List<Turn>> read(TurnQuery query);
        }

        private void read(TurnSource source) {
            Consistency consistency = randomConsistency();
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
            Optional<List<Turn>> returned;
            boolean failed = false;
            try {
                returned = source.read(query);
            } catch (SessionStoreException.Unavailable e) {
                returned = Optional.empty();
                failed = true;
            }
            session.awaitWrite();
            List<State> states = session.statesSince(start, lag(consistency));
            String readName = "%s, failed: %s, %s".formatted(query, failed, runName);
            if (returned.isPresent()) {
                assertTurnsMatch(returned.get(), query, states, readName);
            } else {
                assertThat(alwaysExists(states))
                        .as("no turns although the session always existed: " + readName)
                        .isFalse();
            }
        }

        private TimeRange range() {
            if (random.nextInt(3) > 0) {
                return TimeRange.ALL;
            }
            Instant from = EventBuilder.START.plusSeconds(random.nextInt(60) - 10);
            return new TimeRange(from, from.plusSeconds(1 + random.nextInt(40)));
        }

        private static void assertTurnsMatch(
                List<Turn> returned, TurnQuery query, List<State> states, String readName) {
            boolean oldestFirst = query.order() == TurnQuery.Order.OLDEST_FIRST;
            Comparator<Turn> order = oldestFirst ? Turn.ORDER : Turn.ORDER.reversed();
            assertThat(returned).as(readName).isSortedAccordingTo(order);
            List<String> ids = returned.stream().map(Turn::id).toList();
            assertThat(ids).as(readName).doesNotHaveDuplicates();
            List<Map<String, Long>> stored =
                    states.stream().map(state -> state.revisions(query.occurred())).toList();
            List<String> alwaysStored =
                    stored.getFirst().keySet().stream()
                            .filter(turn -> stored.stream().allMatch(s -> s.containsKey(turn)))
                            .toList();
            assertThat(ids).as(readName).containsAll(alwaysStored);
            for (Turn turn : returned) {
                List<Long> revisions =
                        stored.stream()
                                .filter(state -> state.containsKey(turn.id()))
                                .map(state -> state.get(turn.id()))
                                .toList();
                assertThat(revisions).as(turn.id() + " was stored: " + readName).isNotEmpty();
                assertThat(turn.revision())
                        .as("the revision of %s: %s", turn.id(), readName)
                        .isBetween(Collections.min(revisions), Collections.max(revisions));
            }
        }

        private Optional<List<Turn>> list(TurnQuery query) {
            List<Turn> returned = new ArrayList<>();
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
                        reader.listTurns(id, part).await().atMost(TIMEOUT);
                if (found.isEmpty()) {
                    return Optional.empty();
                }
                returned.addAll(Turns.read(found.get().items()));
                cursor = found.get().next();
            } while (cursor.isPresent());
            return Optional.of(returned);
        }

        private Optional<List<Turn>> stream(TurnQuery query) {
            Optional<Multi<List<Json>>> found =
                    reader.streamTurns(id, query).await().atMost(TIMEOUT);
            return found.map(
                    turns ->
                            turns.onItem()
                                    .disjoint()
                                    .map(turn -> Turns.read((Json) turn))
                                    .collect()
                                    .asList()
                                    .await()
                                    .atMost(TIMEOUT));
        }
    }
}
