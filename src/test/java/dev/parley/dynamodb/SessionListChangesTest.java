package dev.parley.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.EventBuilder;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionQuery;
import dev.parley.session.SessionReader;
import dev.parley.session.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Lists of sessions that change while they are listed: between two parts, and between the index and
 * the heads. Lists are a user's, or everybody's of two days, who see the same. Each test has a user
 * and two days of its own.
 */
@Tag("slow")
class SessionListChangesTest {

    private static final LocalTable TABLE = LocalTable.create();
    private static final AtomicInteger TESTS = new AtomicInteger();

    private final int number = TESTS.incrementAndGet();
    private final String user = "u-" + number;

    /** The start of the second day. */
    private final Instant midnight = LocalTable.NOW.minus(Duration.ofDays(2L * number - 1));

    private final TimeRange bothDays =
            new TimeRange(midnight.minus(Duration.ofDays(1)), midnight.plus(Duration.ofDays(1)));
    private final TimeRange secondDay = bothDays.notBefore(midnight);

    private final ObservedDynamoDb requests = TABLE.observed();
    private final SessionReader reader = TABLE.reader(LocalTable.NOW, requests);

    @AfterAll
    static void close() {
        TABLE.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionMovesWithinThePartAfterTheIndexWasRead_standsWhereItsHeadSays(boolean ofUser) {
        // Given
        begin("a", 100);
        begin("b", 200);
        begin("c", 300);
        meanwhile(event("c").at(second(150)).turn("t-0", "Late"));
        // When
        List<String> listed = ids(ListedSessions.part(reader, query(ofUser, 10)));
        // Then
        assertThat(listed).containsExactly("b", "c", "a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionMovesBehindThePartAfterTheIndexWasRead_comesOnceAndLater(boolean ofUser) {
        begin("a", 100);
        begin("b", 200);
        begin("c", 300);
        meanwhile(event("c").at(second(50)).turn("t-0", "Late"));

        List<ResultPage<Session>> parts = ListedSessions.parts(reader, query(ofUser, 2));

        assertThat(parts.stream().flatMap(part -> ids(part).stream()))
                .containsExactly("b", "a", "c");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionMovesToTheDayBeforeAfterTheIndexWasRead_comesOnce(boolean ofUser) {
        begin("a", midnight.minusSeconds(60));
        begin("b", midnight.plusSeconds(60));
        meanwhile(event("b").at(midnight.minusSeconds(120)).turn("t-0", "Late"));

        List<ResultPage<Session>> parts = ListedSessions.parts(reader, query(ofUser, 2));

        assertThat(parts.stream().flatMap(part -> ids(part).stream())).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionMovesToTheFirstMomentOfTheWindow_isInIt(boolean ofUser) {
        begin("a", 100);
        meanwhile(event("a").at(midnight).turn("t-0", "Late"));

        ResultPage<Session> part = ListedSessions.part(reader, query(ofUser, secondDay, 10));

        assertThat(ids(part)).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionMovesOutOfTheWindow_isNotInIt(boolean ofUser) {
        begin("a", 100);
        meanwhile(event("a").at(midnight.minusNanos(1)).turn("t-0", "Late"));

        ResultPage<Session> part = ListedSessions.part(reader, query(ofUser, secondDay, 10));

        assertThat(ids(part)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_lastSessionOfAPartMovesBeforeTheNext_goesOnBehindWhereItWas(boolean ofUser) {
        List.of("a", "b", "c", "d").forEach(name -> begin(name, 100));
        List<String> all = ids(ListedSessions.part(reader, query(ofUser, 10)));
        ResultPage<Session> first = ListedSessions.part(reader, query(ofUser, 2));
        TABLE.apply(event(all.get(1)).at(second(50)).turn("t-0", "Late"));

        SessionQuery next = query(ofUser, 10).from(first.next().orElseThrow());

        assertThat(ids(ListedSessions.part(reader, next))).containsExactly(all.get(2), all.get(3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_lastSessionOfAPartIsDeletedBeforeTheNext_goesOnBehindWhereItWas(boolean ofUser) {
        List.of("a", "b", "c", "d").forEach(name -> begin(name, 100));
        List<String> all = ids(ListedSessions.part(reader, query(ofUser, 10)));
        ResultPage<Session> first = ListedSessions.part(reader, query(ofUser, 2));
        TABLE.apply(event(all.get(1)).at(second(200)).deleted());
        TABLE.apply(event(all.get(2)).at(second(200)).deleted());

        SessionQuery next = query(ofUser, 10).from(first.next().orElseThrow());

        assertThat(ids(ListedSessions.part(reader, next))).containsExactly(all.get(3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionIsDeletedAfterTheIndexWasRead_doesNotHaveItAndFillsThePart(boolean ofUser) {
        begin("a", 100);
        begin("b", 200);
        begin("c", 300);
        meanwhile(event("c").at(second(400)).deleted());

        ResultPage<Session> part = ListedSessions.part(reader, query(ofUser, 2));

        assertThat(ids(part)).containsExactly("b", "a");
    }

    /**
     * Where the replica is behind both the index and the deletion, the second read has it right.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionIsDeletedAndAReplicaIsFarBehind_doesNotHaveIt(boolean ofUser) {
        begin("a", 300);
        Map<String, AttributeValue> before = TABLE.item(id("a"));
        TABLE.apply(event("a").at(second(200)).turn("t-0", "Late"));
        begin("b", 100);
        requests.replicaHas(id("a"), before);
        meanwhile(event("a").at(second(400)).deleted());

        ResultPage<Session> part = ListedSessions.part(reader, query(ofUser, 10));

        assertThat(ids(part)).containsExactly("b");
    }

    @Test
    void list_deletedSession_hasOnlyWhatCameAfter() {
        begin("a", 100);
        begin("b", 100);
        TABLE.apply(event("a").at(second(200)).deleted());
        TABLE.apply(event("b").at(second(200)).deleted());
        TABLE.apply(event("b").at(second(300)).userId(user).turn("t-2", "Again"));

        ResultPage<Session> part = ListedSessions.part(reader, query(true, 10));

        assertThat(part.items()).extracting(Session::id).containsExactly(id("b"));
        assertThat(part.items().getFirst().startedAt()).isEqualTo(second(300));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionsThatExpiredButAreStillThere_endsWithoutThem(boolean ofUser) {
        for (int i = 0; i < 30; i++) {
            begin("s-" + i, i);
        }
        Instant later = second(20).plus(LocalTable.RETENTION.events());

        List<ResultPage<Session>> parts =
                ListedSessions.parts(TABLE.reader(later, requests), query(ofUser, 7));

        assertThat(parts.stream().flatMap(part -> ids(part).stream()))
                .containsExactly(
                        "s-29", "s-28", "s-27", "s-26", "s-25", "s-24", "s-23", "s-22", "s-21");
        assertThat(parts).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void list_userChangesAfterTheIndexWasRead_isOnlyTheNewOnes() {
        begin("a", 100);
        begin("b", 200);
        meanwhile(event("b").at(second(300)).userId(user + "-new").turn("t-2", "Somebody else"));

        ResultPage<Session> former = ListedSessions.part(reader, query(true, 10));
        ResultPage<Session> now = ListedSessions.part(reader, whose(user + "-new"));

        assertThat(ids(former)).containsExactly("a");
        assertThat(ids(now)).containsExactly("b");
    }

    @Test
    void list_replicaIsBehindTheUserOfTheIndex_hasTheSession() {
        begin("a", 100);
        requests.replicaHas(id("a"), TABLE.item(id("a")));
        TABLE.apply(event("a").at(second(300)).userId(user + "-new").turn("t-2", "Somebody else"));

        ResultPage<Session> part = ListedSessions.part(reader, whose(user + "-new"));

        assertThat(ids(part)).containsExactly("a");
    }

    @Test
    void list_replicaDoesNotHaveTheSessionYet_hasTheSession() {
        begin("a", 100);
        requests.replicaHas(id("a"), Map.of());

        assertThat(ids(ListedSessions.part(reader, query(true, 10)))).containsExactly("a");
    }

    private void meanwhile(SessionEvent event) {
        requests.beforeHeads(
                () -> TABLE.writer(LocalTable.NOW).apply(event.sessionId(), List.of(event)));
    }

    private void begin(String name, long second) {
        begin(name, second(second));
    }

    private void begin(String name, Instant at) {
        TABLE.apply(event(name).at(at).userId(user).turn("t-1", "Hello"));
    }

    private EventBuilder event(String name) {
        return EventBuilder.event(id(name));
    }

    private String id(String name) {
        return name + " " + number;
    }

    private static List<String> ids(ResultPage<Session> part) {
        return part.items().stream().map(session -> session.id().replaceFirst(" .*", "")).toList();
    }

    private Instant second(long second) {
        return midnight.plusSeconds(36_000 + second);
    }

    private SessionQuery query(boolean ofUser, int limit) {
        return query(ofUser, bothDays, limit);
    }

    private SessionQuery query(boolean ofUser, TimeRange started, int limit) {
        return query(ofUser ? Optional.of(user) : Optional.empty(), started, limit);
    }

    private static SessionQuery whose(String userId) {
        return query(Optional.of(userId), TimeRange.ALL, 10);
    }

    private static SessionQuery query(Optional<String> userId, TimeRange started, int limit) {
        return new SessionQuery(
                userId, started, Optional.empty(), Optional.empty(), limit, Optional.empty());
    }
}
