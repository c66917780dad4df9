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
 * Tests lists of sessions that change while they are listed: between two parts of a list, and
 * between the read of the index and the read of the heads. A list is that of one user or that of
 * two days; both contain the same sessions. Each test uses its own user and its own two days.
 */
@Tag("slow")
class SessionListChangesIT {

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
    void list_sessionMovesWithinPartAfterIndexRead_ordersItByItsHead(boolean ofUser) {
        // Given
        startSession("a", 100);
        startSession("b", 200);
        startSession("c", 300);
        applyAfterIndexRead(event("c").at(second(150)).turn("t-0", "Late"));
        // When
        List<String> listed = ids(ListedSessions.part(reader, query(ofUser, 10)));
        // Then
        assertThat(listed).containsExactly("b", "c", "a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionMovesToLaterPartAfterIndexRead_returnsItOnceInThatPart(boolean ofUser) {
        startSession("a", 100);
        startSession("b", 200);
        startSession("c", 300);
        applyAfterIndexRead(event("c").at(second(50)).turn("t-0", "Late"));

        List<ResultPage<Session>> parts = ListedSessions.parts(reader, query(ofUser, 2));

        assertThat(parts.stream().flatMap(part -> ids(part).stream()))
                .containsExactly("b", "a", "c");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionMovesToPreviousDayAfterIndexRead_returnsItOnce(boolean ofUser) {
        startSession("a", midnight.minusSeconds(60));
        startSession("b", midnight.plusSeconds(60));
        applyAfterIndexRead(event("b").at(midnight.minusSeconds(120)).turn("t-0", "Late"));

        List<ResultPage<Session>> parts = ListedSessions.parts(reader, query(ofUser, 2));

        assertThat(parts.stream().flatMap(part -> ids(part).stream())).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionMovesToFirstMomentOfRange_containsIt(boolean ofUser) {
        startSession("a", 100);
        applyAfterIndexRead(event("a").at(midnight).turn("t-0", "Late"));

        ResultPage<Session> part = ListedSessions.part(reader, query(ofUser, secondDay, 10));

        assertThat(ids(part)).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionMovesOutOfRange_omitsIt(boolean ofUser) {
        startSession("a", 100);
        applyAfterIndexRead(event("a").at(midnight.minusNanos(1)).turn("t-0", "Late"));

        ResultPage<Session> part = ListedSessions.part(reader, query(ofUser, secondDay, 10));

        assertThat(ids(part)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_lastSessionOfPartMoves_continuesAfterItsFormerPosition(boolean ofUser) {
        List.of("a", "b", "c", "d").forEach(name -> startSession(name, 100));
        List<String> all = ids(ListedSessions.part(reader, query(ofUser, 10)));
        ResultPage<Session> first = ListedSessions.part(reader, query(ofUser, 2));
        TABLE.apply(event(all.get(1)).at(second(50)).turn("t-0", "Late"));

        SessionQuery next = query(ofUser, 10).from(first.next().orElseThrow());

        assertThat(ids(ListedSessions.part(reader, next))).containsExactly(all.get(2), all.get(3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_lastSessionOfPartIsDeleted_continuesAfterItsFormerPosition(boolean ofUser) {
        List.of("a", "b", "c", "d").forEach(name -> startSession(name, 100));
        List<String> all = ids(ListedSessions.part(reader, query(ofUser, 10)));
        ResultPage<Session> first = ListedSessions.part(reader, query(ofUser, 2));
        TABLE.apply(event(all.get(1)).at(second(200)).deleted());
        TABLE.apply(event(all.get(2)).at(second(200)).deleted());

        SessionQuery next = query(ofUser, 10).from(first.next().orElseThrow());

        assertThat(ids(ListedSessions.part(reader, next))).containsExactly(all.get(3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionIsDeletedAfterIndexRead_omitsItAndFillsPart(boolean ofUser) {
        startSession("a", 100);
        startSession("b", 200);
        startSession("c", 300);
        applyAfterIndexRead(event("c").at(second(400)).deleted());

        ResultPage<Session> part = ListedSessions.part(reader, query(ofUser, 2));

        assertThat(ids(part)).containsExactly("b", "a");
    }

    /**
     * The replica is older than both the index entry and the deletion. A second, consistent read
     * finds the deletion.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_sessionIsDeletedButReplicaIsOutdated_omitsIt(boolean ofUser) {
        startSession("a", 300);
        Map<String, AttributeValue> before = TABLE.item(id("a"));
        TABLE.apply(event("a").at(second(200)).turn("t-0", "Late"));
        startSession("b", 100);
        requests.setReplicaItem(id("a"), before);
        applyAfterIndexRead(event("a").at(second(400)).deleted());

        ResultPage<Session> part = ListedSessions.part(reader, query(ofUser, 10));

        assertThat(ids(part)).containsExactly("b");
    }

    @Test
    void list_deletedSessions_containsOnlySessionWithLaterTurns() {
        startSession("a", 100);
        startSession("b", 100);
        TABLE.apply(event("a").at(second(200)).deleted());
        TABLE.apply(event("b").at(second(200)).deleted());
        TABLE.apply(event("b").at(second(300)).userId(user).turn("t-2", "Again"));

        ResultPage<Session> part = ListedSessions.part(reader, query(true, 10));

        assertThat(part.items()).extracting(Session::id).containsExactly(id("b"));
        assertThat(part.items().getFirst().startedAt()).isEqualTo(second(300));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void list_expiredSessionsAreStillStored_omitsThem(boolean ofUser) {
        for (int i = 0; i < 30; i++) {
            startSession("s-" + i, i);
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
    void list_userChangesAfterIndexRead_containsSessionForNewUserOnly() {
        startSession("a", 100);
        startSession("b", 200);
        applyAfterIndexRead(
                event("b").at(second(300)).userId(user + "-new").turn("t-2", "Somebody else"));

        ResultPage<Session> former = ListedSessions.part(reader, query(true, 10));
        ResultPage<Session> now = ListedSessions.part(reader, queryOfUser(user + "-new"));

        assertThat(ids(former)).containsExactly("a");
        assertThat(ids(now)).containsExactly("b");
    }

    @Test
    void list_replicaHasFormerUser_containsSession() {
        startSession("a", 100);
        requests.setReplicaItem(id("a"), TABLE.item(id("a")));
        TABLE.apply(event("a").at(second(300)).userId(user + "-new").turn("t-2", "Somebody else"));

        ResultPage<Session> part = ListedSessions.part(reader, queryOfUser(user + "-new"));

        assertThat(ids(part)).containsExactly("a");
    }

    @Test
    void list_replicaDoesNotHaveSessionYet_containsSession() {
        startSession("a", 100);
        requests.setReplicaItem(id("a"), Map.of());

        assertThat(ids(ListedSessions.part(reader, query(true, 10)))).containsExactly("a");
    }

    private void applyAfterIndexRead(SessionEvent event) {
        requests.beforeHeads(
                () -> TABLE.writer(LocalTable.NOW).apply(event.sessionId(), List.of(event)));
    }

    private void startSession(String name, long second) {
        startSession(name, second(second));
    }

    private void startSession(String name, Instant at) {
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

    private static SessionQuery queryOfUser(String userId) {
        return query(Optional.of(userId), TimeRange.ALL, 10);
    }

    private static SessionQuery query(Optional<String> userId, TimeRange started, int limit) {
        return new SessionQuery(
                userId, started, Optional.empty(), Optional.empty(), limit, Optional.empty());
    }
}
