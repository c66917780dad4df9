package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Prose;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionQuery;
import dev.parley.session.SessionReader;
import dev.parley.session.TimeRange;
import io.smallrye.mutiny.Multi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests how many requests and how many DynamoDB capacity units one part of a list costs. */
@Tag("slow")
class SessionListCostIT {

    private static final int SESSIONS = 600;
    private static final int TURNS = 20;
    private static final int PART = 50;

    /** The maximum number of days that are read for one part of a list of all users. */
    private static final int MAX_DAYS = 32;

    private static final int SHARDS = 4;
    private static final Instant DAY = LocalTable.NOW.minus(Duration.ofDays(1));

    private static final TimeRange WHOLE_DAY = new TimeRange(DAY, LocalTable.NOW);

    private static final Optional<String> NONE = Optional.empty();
    private static final Optional<String> USER = Optional.of("u-1042");
    private static final Optional<String> PHONE = Optional.of("phone");

    private static final LocalTable TABLE = LocalTable.create();

    private final ObservedDynamoDb requests = TABLE.observed();
    private final SessionReader reader = TABLE.reader(LocalTable.NOW, requests);

    /** Writes sessions of one day and two users. A quarter of them have the channel phone. */
    @BeforeAll
    static void writeSessions() {
        Prose prose = new Prose(7);
        DynamoDbSessionWriter writer = TABLE.writer(LocalTable.NOW);
        Multi.createFrom()
                .range(0, SESSIONS)
                .onItem()
                .transformToUni(i -> writer.apply(id(i), turns(i, prose)))
                .merge(SHARDS)
                .collect()
                .last()
                .await()
                .atMost(Duration.ofMinutes(2));
    }

    private static String id(int number) {
        return "web-7f3a9c1e-%04d".formatted(number);
    }

    private static List<SessionEvent> turns(int number, Prose prose) {
        return IntStream.range(0, TURNS)
                .<SessionEvent>mapToObj(
                        turn ->
                                event(id(number))
                                        .at(DAY.plusSeconds(60L * number + turn))
                                        .userId(number % 2 == 0 ? "u-1042" : "u-1043")
                                        .channel(number / 2 % 4 == 0 ? "phone" : "web")
                                        .turn("5f3a9c1e-" + turn, prose.text(Prose.MEAN_LENGTH)))
                .toList();
    }

    @AfterAll
    static void close() {
        TABLE.close();
    }

    @Test
    void part_ofUser_needsTwoRequests() {
        assertPartCosts("one user", 1.0, 1, USER, NONE);
    }

    @Test
    void part_ofDay_needsOneRequestPerShardAndOneForHeads() {
        assertPartCosts("one day", 4.0, SHARDS, NONE, NONE);
    }

    @Test
    void part_ofUserAndChannel_needsTwoRequests() {
        assertPartCosts("one user and channel", 3.5, 1, USER, PHONE);
    }

    @Test
    void part_ofDayAndChannel_needsOneRequestPerShardAndOneForHeads() {
        assertPartCosts("one day and channel", 9.0, SHARDS, NONE, PHONE);
    }

    private void assertPartCosts(
            String listName,
            double maxIndexUnits,
            int queries,
            Optional<String> userId,
            Optional<String> channel) {
        double index = TABLE.consumed("Query");
        double heads = TABLE.consumed("BatchGetItem");

        ResultPage<Session> part =
                ListedSessions.part(reader, query(userId, WHOLE_DAY, channel, Optional.empty()));

        double indexUnits = TABLE.consumed("Query") - index;
        double headUnits = TABLE.consumed("BatchGetItem") - heads;
        System.out.printf(
                "SessionListCostIT: %d sessions of %s: %.1f units of %d Query, %.1f of %d"
                        + " BatchGetItem%n",
                part.items().size(),
                listName,
                indexUnits,
                requests.queries(),
                headUnits,
                requests.batches());
        assertThat(part.items()).hasSize(PART);
        assertThat(requests.queries()).isEqualTo(queries);
        assertThat(requests.batches()).isOne();
        assertThat(indexUnits).isPositive().isLessThanOrEqualTo(maxIndexUnits);
        assertThat(headUnits).isEqualTo(PART * 0.5);
    }

    @Test
    void list_ofEmptyDays_hasBoundedParts() {
        Instant from = DAY.minus(Duration.ofDays(40));
        SessionQuery query = query(NONE, new TimeRange(from, DAY), NONE, Optional.empty());

        List<ResultPage<Session>> parts = ListedSessions.parts(reader, query);

        assertThat(parts).hasSize(3).allMatch(part -> part.items().isEmpty());
        assertThat(requests.queries())
                .as("queries of the first and the second pass")
                .isEqualTo(2 * 40 * SHARDS);
        assertThat(requests.batches()).isZero();
    }

    @Test
    void part_ofMoreEmptyDaysThanItReads_isEmptyAndHasNext() {
        TimeRange started = new TimeRange(DAY.minus(Duration.ofDays(80)), DAY);

        ResultPage<Session> part =
                ListedSessions.part(reader, query(NONE, started, NONE, Optional.empty()));

        assertThat(part.items()).isEmpty();
        assertThat(part.next()).isPresent();
        assertThat(requests.queries()).isEqualTo(MAX_DAYS * SHARDS);
    }

    @Test
    void list_ofStatusThatNoSessionHas_needsBoundedRequests() {
        Optional<Session.Status> ended = Optional.of(Session.Status.ENDED);

        List<ResultPage<Session>> parts =
                ListedSessions.parts(reader, query(USER, WHOLE_DAY, NONE, ended));

        assertThat(parts).hasSize(1);
        assertThat(requests.batches()).isEqualTo(SESSIONS / 2 / PART);
        assertThat(requests.queries()).isEqualTo(SESSIONS / 2 / PART + 1);
    }

    private static SessionQuery query(
            Optional<String> userId,
            TimeRange started,
            Optional<String> channel,
            Optional<Session.Status> status) {
        return new SessionQuery(userId, started, channel, status, PART, NONE);
    }
}
