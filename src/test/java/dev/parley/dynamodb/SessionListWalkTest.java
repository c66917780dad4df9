package dev.parley.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.EventBuilder;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionQuery;
import dev.parley.session.SessionReader;
import dev.parley.session.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sessions that move up and down in a list while it is walked by its tokens: of a user, and of
 * everybody of two days. Each test has a user and two days of its own.
 */
@Tag("slow")
class SessionListWalkTest {

    private static final LocalTable TABLE = LocalTable.create();
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final int MAX_PARTS = 200;

    private final int number = TESTS.incrementAndGet();
    private final String user = "u-" + number;

    /** The start of the second day. */
    private final Instant midnight = LocalTable.NOW.minus(Duration.ofDays(2L * number - 1));

    private final SessionReader reader = TABLE.reader(LocalTable.NOW);

    @AfterAll
    static void close() {
        TABLE.close();
    }

    /** Which of the same moment has been given the list knows, in whatever order the index is. */
    @ParameterizedTest
    @CsvSource({"true, 0", "true, 1", "true, 2", "true, 3", "false, 0", "false, 2"})
    void list_sessionOfTheMomentOfACursorMoves_comesOnce(boolean ofUser, int moving) {
        List.of("a", "b", "c", "d").forEach(name -> begin(name, 100));
        List<String> all = ids(ListedSessions.part(reader, query(ofUser, 10)));

        List<String> walked =
                walk(
                        query(ofUser, 2),
                        part -> {
                            if (part == 1) {
                                moveDown(all.get(moving), 50);
                            }
                        });

        assertThat(walked).containsExactlyInAnyOrderElementsOf(all);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_givenSessionMovesDownBetweenParts_comesOnce(boolean ofUser) {
        List.of("a", "b", "c", "d", "e").forEach(name -> begin(name, downFrom500(name)));

        List<String> walked =
                walk(
                        query(ofUser, 1),
                        part -> {
                            if (part == 1) {
                                moveDown("a", 250);
                            }
                        });

        assertThat(walked).containsExactly("a", "b", "c", "d", "e");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionMovesDownBeforeTheWalkComes_comesWhereItThenStands(boolean ofUser) {
        List.of("a", "b", "c", "d", "e").forEach(name -> begin(name, downFrom500(name)));

        List<String> walked =
                walk(
                        query(ofUser, 1),
                        part -> {
                            if (part == 1) {
                                moveDown("c", 150);
                            }
                        });

        assertThat(walked).containsExactly("a", "b", "d", "c", "e");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionMovesUpOverTheWalk_comesAtTheEnd(boolean ofUser) {
        List.of("a", "b", "c", "d", "e").forEach(name -> begin(name, downFrom500(name)));
        TABLE.apply(event("d").at(second(450)).userId(user).turn("t-9", "Later"));

        List<String> walked =
                walk(
                        query(ofUser, 1),
                        part -> {
                            if (part == 2) {
                                moveUp("d", 300);
                            }
                        });

        assertThat(walked).containsExactly("a", "b", "c", "e", "d");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_givenSessionMovesUp_comesOnce(boolean ofUser) {
        List.of("a", "b", "c", "d").forEach(name -> begin(name, downFrom500(name)));
        TABLE.apply(event("b").at(second(550)).userId(user).turn("t-9", "Later"));

        List<String> walked =
                walk(
                        query(ofUser, 1),
                        part -> {
                            if (part == 2) {
                                moveUp("b", 500);
                            }
                        });

        assertThat(walked).containsExactly("a", "b", "c", "d");
    }

    /** To the day before and after it, where other partitions of the index are. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionsMoveOverMidnight_comeOnce(boolean ofUser) {
        begin("a", midnight.plusSeconds(60));
        begin("b", midnight.plusSeconds(30));
        begin("c", midnight.minusSeconds(30));
        TABLE.apply(event("c").at(midnight.plusSeconds(90)).userId(user).turn("t-9", "Later"));

        List<String> walked =
                walk(
                        query(ofUser, 1),
                        part -> {
                            if (part == 1) {
                                moveDown("a", midnight.minusSeconds(60));
                                TABLE.apply(event("c").at(midnight).deleted());
                            }
                        });

        assertThat(walked).containsExactly("a", "b", "c");
    }

    /** All that moves, up and down, at random. */
    @ParameterizedTest
    @CsvSource({"true, 1", "true, 2", "true, 3", "false, 4", "false, 5", "false, 6"})
    void list_whileSessionsMoveAtRandom_hasEachOnce(boolean ofUser, int seed) {
        Random random = new Random(seed);
        List<String> names = IntStream.range(0, 12).mapToObj(i -> "s-" + i).toList();
        for (String name : names) {
            begin(name, 3_000 + random.nextInt(1_000));
            TABLE.apply(event(name).at(second(9_000)).userId(user).turn("t-9", "Last"));
        }

        List<String> walked =
                walk(
                        query(ofUser, 1 + random.nextInt(3)),
                        part -> {
                            String name = names.get(random.nextInt(names.size()));
                            if (part < 12 && random.nextBoolean()) {
                                moveDown(name, 1_000 + random.nextInt(1_500));
                            } else if (part < 12) {
                                moveUp(name, 4_000 + random.nextInt(1_000));
                            }
                        });

        assertThat(walked).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(names);
    }

    /** What began after the walk did is not for it to give at the end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionIsDeletedAndBeginsAnew_isNotCaughtUpWith(boolean ofUser) {
        List.of("a", "b", "c").forEach(name -> begin(name, downFrom500(name)));

        List<String> walked =
                walk(
                        query(ofUser, 1),
                        part -> {
                            if (part == 1) {
                                TABLE.apply(event("c").at(second(600)).deleted());
                                begin("c", 700);
                            }
                        });

        assertThat(walked).containsExactly("a", "b");
    }

    /** All parts; between them something happens, by how many there were. */
    private List<String> walk(SessionQuery query, IntConsumer between) {
        List<String> walked = new ArrayList<>();
        Optional<SessionQuery> next = Optional.of(query);
        for (int parts = 1; next.isPresent(); parts++) {
            ResultPage<Session> part = ListedSessions.part(reader, next.get());
            walked.addAll(ids(part));
            next = part.next().map(query::from);
            between.accept(parts);
            assertThat(parts).as("a list that never ends").isLessThan(MAX_PARTS);
        }
        return walked;
    }

    /** By a first turn that comes late. */
    private void moveDown(String name, long second) {
        moveDown(name, second(second));
    }

    private void moveDown(String name, Instant to) {
        TABLE.apply(event(name).at(to).userId(user).turn("t-" + to, "Late"));
    }

    /** By a deletion that leaves what came after that. */
    private void moveUp(String name, long second) {
        TABLE.apply(event(name).at(second(second)).deleted());
    }

    private void begin(String name, long second) {
        begin(name, second(second));
    }

    private void begin(String name, Instant at) {
        TABLE.apply(event(name).at(at).userId(user).turn("t-1", "Hello"));
    }

    /** "a" at 500, "b" at 400 … */
    private static long downFrom500(String name) {
        return 500 - 100L * (name.charAt(0) - 'a');
    }

    private EventBuilder event(String name) {
        return EventBuilder.event(name + " " + number);
    }

    private static List<String> ids(ResultPage<Session> part) {
        return part.items().stream().map(session -> session.id().replaceFirst(" .*", "")).toList();
    }

    private Instant second(long second) {
        return midnight.plusSeconds(36_000 + second);
    }

    private SessionQuery query(boolean ofUser, int limit) {
        return new SessionQuery(
                ofUser ? Optional.of(user) : Optional.empty(),
                new TimeRange(
                        midnight.minus(Duration.ofDays(1)), midnight.plus(Duration.ofDays(1))),
                Optional.empty(),
                Optional.empty(),
                limit,
                Optional.empty());
    }
}
