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
 * Tests lists whose sessions move up and down while a client reads the list part by part. A list is
 * that of one user or that of two days. Each test uses its own user and its own two days.
 */
@Tag("slow")
class SessionListPagingIT {

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

    /**
     * The list remembers which sessions of the same moment it has returned, whatever their order in
     * the index.
     */
    @ParameterizedTest
    @CsvSource({"true, 0", "true, 1", "true, 2", "true, 3", "false, 0", "false, 2"})
    void list_sessionAtMomentOfCursorMoves_returnsItOnce(boolean ofUser, int moving) {
        List.of("a", "b", "c", "d").forEach(name -> startSession(name, 100));
        List<String> all = ids(ListedSessions.part(reader, query(ofUser, 10)));

        List<String> listed =
                readParts(
                        query(ofUser, 2),
                        part -> {
                            if (part == 1) {
                                moveDown(all.get(moving), 50);
                            }
                        });

        assertThat(listed).containsExactlyInAnyOrderElementsOf(all);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_returnedSessionMovesDown_returnsItOnce(boolean ofUser) {
        List.of("a", "b", "c", "d", "e").forEach(name -> startSession(name, startSecond(name)));

        List<String> listed =
                readParts(
                        query(ofUser, 1),
                        part -> {
                            if (part == 1) {
                                moveDown("a", 250);
                            }
                        });

        assertThat(listed).containsExactly("a", "b", "c", "d", "e");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_unreadSessionMovesDown_returnsItAtItsNewPosition(boolean ofUser) {
        List.of("a", "b", "c", "d", "e").forEach(name -> startSession(name, startSecond(name)));

        List<String> listed =
                readParts(
                        query(ofUser, 1),
                        part -> {
                            if (part == 1) {
                                moveDown("c", 150);
                            }
                        });

        assertThat(listed).containsExactly("a", "b", "d", "c", "e");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_unreadSessionMovesAboveReadPosition_returnsItAtTheEnd(boolean ofUser) {
        List.of("a", "b", "c", "d", "e").forEach(name -> startSession(name, startSecond(name)));
        TABLE.apply(event("d").at(second(450)).userId(user).turn("t-9", "Later"));

        List<String> listed =
                readParts(
                        query(ofUser, 1),
                        part -> {
                            if (part == 2) {
                                moveUp("d", 300);
                            }
                        });

        assertThat(listed).containsExactly("a", "b", "c", "e", "d");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_returnedSessionMovesUp_returnsItOnce(boolean ofUser) {
        List.of("a", "b", "c", "d").forEach(name -> startSession(name, startSecond(name)));
        TABLE.apply(event("b").at(second(550)).userId(user).turn("t-9", "Later"));

        List<String> listed =
                readParts(
                        query(ofUser, 1),
                        part -> {
                            if (part == 2) {
                                moveUp("b", 500);
                            }
                        });

        assertThat(listed).containsExactly("a", "b", "c", "d");
    }

    /**
     * One session moves to the previous day and one to the next day. Each day has other partitions
     * of the index.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionsMoveAcrossMidnight_returnsEachOnce(boolean ofUser) {
        startSession("a", midnight.plusSeconds(60));
        startSession("b", midnight.plusSeconds(30));
        startSession("c", midnight.minusSeconds(30));
        TABLE.apply(event("c").at(midnight.plusSeconds(90)).userId(user).turn("t-9", "Later"));

        List<String> listed =
                readParts(
                        query(ofUser, 1),
                        part -> {
                            if (part == 1) {
                                moveDown("a", midnight.minusSeconds(60));
                                TABLE.apply(event("c").at(midnight).deleted());
                            }
                        });

        assertThat(listed).containsExactly("a", "b", "c");
    }

    /** Sessions move up and down at random. */
    @ParameterizedTest
    @CsvSource({"true, 1", "true, 2", "true, 3", "false, 4", "false, 5", "false, 6"})
    void list_whileSessionsMoveAtRandom_returnsEachOnce(boolean ofUser, int seed) {
        Random random = new Random(seed);
        List<String> names = IntStream.range(0, 12).mapToObj(i -> "s-" + i).toList();
        for (String name : names) {
            startSession(name, 3_000 + random.nextInt(1_000));
            TABLE.apply(event(name).at(second(9_000)).userId(user).turn("t-9", "Last"));
        }

        List<String> listed =
                readParts(
                        query(ofUser, 1 + random.nextInt(3)),
                        part -> {
                            String name = names.get(random.nextInt(names.size()));
                            if (part < 12 && random.nextBoolean()) {
                                moveDown(name, 1_000 + random.nextInt(1_500));
                            } else if (part < 12) {
                                moveUp(name, 4_000 + random.nextInt(1_000));
                            }
                        });

        assertThat(listed).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(names);
    }

    /** The list does not return a session that started after the list began. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionIsDeletedAndStartsAgain_omitsIt(boolean ofUser) {
        List.of("a", "b", "c").forEach(name -> startSession(name, startSecond(name)));

        List<String> listed =
                readParts(
                        query(ofUser, 1),
                        part -> {
                            if (part == 1) {
                                TABLE.apply(event("c").at(second(600)).deleted());
                                startSession("c", 700);
                            }
                        });

        assertThat(listed).containsExactly("a", "b");
    }

    /**
     * Reads all parts of a list. Runs an action after each part, with the number of parts read so
     * far.
     */
    private List<String> readParts(SessionQuery query, IntConsumer afterPart) {
        List<String> listed = new ArrayList<>();
        Optional<SessionQuery> next = Optional.of(query);
        for (int parts = 1; next.isPresent(); parts++) {
            ResultPage<Session> part = ListedSessions.part(reader, next.get());
            listed.addAll(ids(part));
            next = part.next().map(query::from);
            afterPart.accept(parts);
            assertThat(parts).as("number of parts; the list may never end").isLessThan(MAX_PARTS);
        }
        return listed;
    }

    /** Moves a session down: its first turn arrives late. */
    private void moveDown(String name, long second) {
        moveDown(name, second(second));
    }

    private void moveDown(String name, Instant to) {
        TABLE.apply(event(name).at(to).userId(user).turn("t-" + to, "Late"));
    }

    /** Moves a session up: a deletion erases all but its later turns. */
    private void moveUp(String name, long second) {
        TABLE.apply(event(name).at(second(second)).deleted());
    }

    private void startSession(String name, long second) {
        startSession(name, second(second));
    }

    private void startSession(String name, Instant at) {
        TABLE.apply(event(name).at(at).userId(user).turn("t-1", "Hello"));
    }

    /** Returns 500 for "a", 400 for "b", and so on. */
    private static long startSecond(String name) {
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
