package dev.parley.dynamodb;

import static dev.parley.dynamodb.ListedSessions.BUSY;
import static dev.parley.dynamodb.ListedSessions.FIRST_DAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.ListedSessions.Listed;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionQuery;
import dev.parley.session.SessionReader;
import dev.parley.session.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that every list, read part by part, equals the written sessions after filtering and
 * sorting.
 *
 * <p>The seed is printed; {@code -Dparley.seed=…} repeats a run, {@code -Dparley.sessions=50000}
 * makes it larger.
 */
@Tag("slow")
class SessionListIT {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int SESSIONS = Integer.getInteger("parley.sessions", 2_000);

    /**
     * The maximum number of parts of a list. Short parts of a long list verify nothing that long
     * parts do not verify.
     */
    private static final int MAX_PARTS = Math.max(60, SESSIONS / 50);

    private static final List<Listed> WRITTEN = ListedSessions.random(SESSIONS, new Random(SEED));
    private static final LocalTable TABLE = LocalTable.create();
    private static final SessionReader READER = TABLE.reader(LocalTable.NOW);

    @BeforeAll
    static void writeSessions() {
        System.out.printf("SessionListIT: -Dparley.seed=%d%n", SEED);
        ListedSessions.write(TABLE, WRITTEN);
    }

    @AfterAll
    static void close() {
        TABLE.close();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void list_ofAnyQueryAndPartSize_equalsWrittenSessions(SessionQuery query) {
        List<Listed> expected = expected(query);
        List<Listed> before = ListedSessions.list(READER, query);

        assertThat(before.stream().sorted(ListedSessions.ORDER).toList()).isEqualTo(expected);
        assertThat(startTimes(before)).isEqualTo(startTimes(expected));
        IntStream.of(1, 7, 50)
                .filter(limit -> expected.size() <= limit * MAX_PARTS)
                .mapToObj(limit -> withLimit(query, limit))
                .forEach(each -> assertThat(ListedSessions.list(READER, each)).isEqualTo(before));
    }

    @Test
    void list_ofBusyMoment_hasSessionsInEachShardAndExceedsOnePart() {
        Set<Integer> shards = new HashSet<>();
        expected(queryOfMoment(BUSY.getFirst()))
                .forEach(session -> shards.add(Math.floorMod(session.id().hashCode(), 4)));

        assertThat(expected(queryOfMoment(BUSY.getFirst()))).hasSizeGreaterThan(50);
        assertThat(shards).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("queriesDuringWrites")
    void list_whileSessionsAreWritten_returnsInitialSessionsOnceInOrder(SessionQuery query) {
        Random random = new Random(SEED);
        List<Listed> written = ListedSessions.random(150, random);
        try (LocalTable table = LocalTable.create()) {
            ListedSessions.write(table, written);
            SessionReader reader = table.reader(LocalTable.NOW);
            List<Listed> before = ListedSessions.list(reader, query);
            List<Listed> listed = new ArrayList<>();
            Optional<SessionQuery> next = Optional.of(query);
            while (next.isPresent()) {
                ResultPage<Session> part = ListedSessions.part(reader, next.get());
                part.items().forEach(session -> listed.add(Listed.of(session)));
                next = part.next().map(query::from);
                ListedSessions.write(table, sessionsAround(listed, random));
            }

            Set<Listed> first = new HashSet<>(before);
            assertThat(listed).doesNotHaveDuplicates();
            assertThat(listed.stream().filter(first::contains).toList()).isEqualTo(before);
            assertThat(listed)
                    .as("some sessions written after the position are listed, too")
                    .hasSizeGreaterThan(before.size());
        }
    }

    /** Returns sessions that start before, after and exactly at the last listed moment. */
    private static List<Listed> sessionsAround(List<Listed> listed, Random random) {
        if (listed.isEmpty()) {
            return List.of();
        }
        Listed last = listed.getLast();
        return Stream.of(0, 0, 0, 1, -1, 86_400_000, -86_400_000)
                .map(last.startedAt()::plusMillis)
                .map(at -> last.at("n-" + random.nextLong(), at))
                .toList();
    }

    static Stream<SessionQuery> queriesDuringWrites() {
        return Stream.of(queryOfAll(FIRST_DAY, LocalTable.NOW), queryOfUser("u-0"))
                .map(query -> withLimit(query, 10));
    }

    static Stream<SessionQuery> queries() {
        return Stream.of(
                        queryOfAll(FIRST_DAY, LocalTable.NOW),
                        queryOfAll(at(1, 9).plusMillis(17), at(1, 15).plusNanos(3)),
                        queryOfAll(at(19, 22), at(20, 2)),
                        queryOfAll(at(2, 18), at(5, 6)),
                        queryOfAll(at(3, 1), at(3, 23)),
                        queryOfMoment(BUSY.get(0)),
                        queryOfMoment(BUSY.get(1)),
                        queryOfMoment(BUSY.get(2)),
                        queryOfAll(BUSY.get(1), BUSY.get(2)),
                        queryOfAll(at(4, 0), at(4, 0)),
                        queryOfUser("u-0"),
                        queryOfUser("u-0", at(5, 7), at(25, 0)),
                        queryOfUser("u-0", BUSY.get(1), BUSY.get(1).plusNanos(1)),
                        queryOfUser("u-150"),
                        queryOfUser("nobody"))
                .flatMap(SessionListIT::withAllFilters);
    }

    private static Stream<SessionQuery> withAllFilters(SessionQuery query) {
        Optional<String> app = Optional.of("app");
        Optional<Session.Status> ended = Optional.of(Session.Status.ENDED);
        return Stream.of(
                query,
                with(query, app, Optional.empty()),
                with(query, Optional.of(ListedSessions.RARE_CHANNEL), Optional.empty()),
                with(query, Optional.empty(), ended),
                with(query, app, ended));
    }

    private static SessionQuery with(
            SessionQuery query, Optional<String> channel, Optional<Session.Status> status) {
        return new SessionQuery(
                query.userId(), query.started(), channel, status, query.limit(), query.cursor());
    }

    private static SessionQuery withLimit(SessionQuery query, int limit) {
        return new SessionQuery(
                query.userId(),
                query.started(),
                query.channel(),
                query.status(),
                limit,
                query.cursor());
    }

    private static Instant at(int day, int hour) {
        return FIRST_DAY.plus(Duration.ofHours(24L * day + hour));
    }

    private static SessionQuery queryOfMoment(Instant moment) {
        return queryOfAll(moment, moment.plusNanos(1));
    }

    private static SessionQuery queryOfAll(Instant from, Instant to) {
        return SessionQuery.started(new TimeRange(from, to));
    }

    private static SessionQuery queryOfUser(String userId) {
        return queryOfUser(userId, Instant.MIN, Instant.MAX);
    }

    private static SessionQuery queryOfUser(String userId, Instant from, Instant to) {
        return new SessionQuery(
                Optional.of(userId),
                new TimeRange(from, to),
                Optional.empty(),
                Optional.empty(),
                SessionQuery.MAX_LIMIT,
                Optional.empty());
    }

    private static List<Listed> expected(SessionQuery query) {
        return WRITTEN.stream()
                .filter(session -> session.isIn(query))
                .sorted(ListedSessions.ORDER)
                .toList();
    }

    private static List<Instant> startTimes(List<Listed> sessions) {
        return sessions.stream().map(Listed::startedAt).toList();
    }
}
