package dev.parley.e2e;

import static dev.parley.local.FaultyDynamoDb.first;
import static dev.parley.local.FaultyDynamoDb.isOperation;
import static dev.parley.local.FaultyDynamoDb.isUpdate;
import static dev.parley.support.Timeouts.TIMEOUT;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.Fault;
import dev.parley.local.FaultyDynamoDb;
import dev.parley.local.FaultyDynamoDb.Request;
import dev.parley.local.FaultyParley;
import dev.parley.local.LocalOffsets;
import dev.parley.local.LocalTopics;
import dev.parley.session.Consistency;
import dev.parley.session.SessionReader;
import dev.parley.support.InterleavedSessions;
import dev.parley.support.Metrics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests ingestion while DynamoDB fails in various ways and recovers: each turn is stored and
 * counted once, no record is dead-lettered, no offset is committed too early, and liveness stays
 * UP.
 */
@Tag("faults")
@QuarkusTest
@WithTestResource(FaultyParley.class)
class DynamoDbFaultsIT {

    /** The number of faults of one kind after which requests of all kinds have failed. */
    private static final int MIN_FAULTS = 6;

    private static final double SHARE = 0.3;

    private static LocalTopics topics;
    private static LocalOffsets offsets;

    /** Set by {@link FaultyParley}. */
    @SuppressWarnings("NullAway.Init")
    FaultyDynamoDb dynamoDb;

    @Inject SessionReader sessions;

    @SuppressWarnings("NullAway.Init")
    @TestHTTPResource("/q/health/live")
    URI live;

    private Map<String, Double> recordsBefore = Map.of();
    private long deadLettersBefore;

    @BeforeAll
    static void connect() {
        topics = new LocalTopics();
        offsets = new LocalOffsets();
    }

    @AfterAll
    static void disconnect() {
        topics.close();
        offsets.close();
    }

    /** Waits for the records that earlier tests may have left. */
    @BeforeEach
    void start() {
        awaitAllCommitted();
        recordsBefore = Metrics.now().records();
        deadLettersBefore = offsets.deadLetterCount();
    }

    @AfterEach
    void heal() {
        dynamoDb.stopFaults();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DELAYED", "INVALID"})
    void turnsWhileSomeRequestsFail_areStoredOnce(Fault fault) {
        List<InterleavedSessions> published = new ArrayList<>();

        try (LivenessWatch _ = new LivenessWatch(live)) {
            dynamoDb.inject(fault, dynamoDb.randomShare(SHARE));
            // One request carries many writes, so that few conversations may meet few faults.
            while (dynamoDb.injectedCount(fault) < MIN_FAULTS) {
                InterleavedSessions next =
                        InterleavedSessions.of(fault.name() + "-" + published.size());
                next.publish(topics);
                published.add(next);
                awaitPatiently().until(() -> Metrics.now().value("parley_records_in_flight") == 0);
            }
            dynamoDb.stopFaults();
            awaitAllCommitted();
        }

        assertAppliedOnce(published);
        published.forEach(each -> each.assertStored(sessions));
    }

    /**
     * Delays writes of each kind until other writes have replaced them. How many requests the turns
     * in time take is not known, because each may carry many writes; but two are updates, since a
     * delayed one is repeated.
     */
    @Test
    void turnsWithDelayedWrites_areStoredOnce() {
        InterleavedSessions conversations = InterleavedSessions.of("late");
        Predicate<Request> isSeal =
                isUpdate().and(request -> request.body().contains("late-late#p"));

        try (LivenessWatch _ = new LivenessWatch(live)) {
            dynamoDb.inject(
                    Fault.DELAYED,
                    isSeal.and(first(1))
                            .or(isOperation("TransactWriteItems").and(first(1)))
                            .or(isUpdate().and(first(2))));
            conversations.publishInTime(topics);
            awaitPatiently().until(() -> dynamoDb.injectedCount(Fault.DELAYED) == 3);
            awaitAllCommitted();
            conversations.publishLateTurns(topics);
            awaitPatiently().until(() -> dynamoDb.injectedCount(Fault.DELAYED) == 4);
            dynamoDb.stopFaults();
            awaitAllCommitted();
            assertAppliedOnce(conversations);
            awaitPatiently().until(() -> dynamoDb.delayedCount() == 0);
        }

        conversations.assertStored(sessions);
    }

    /** No retry of the SDK succeeds, so ingestion itself has to retry. */
    @Test
    void turnsWhoseWritesAllLoseTheirAnswers_areStoredOnce() {
        InterleavedSessions conversations = InterleavedSessions.of("lost");
        double retriesBefore = Metrics.now().value("parley_ingest_retries_total");

        dynamoDb.inject(
                Fault.RESPONSE_LOST,
                isUpdate()
                        .or(isOperation("TransactWriteItems"))
                        .and(about(conversations.lastSessionId())));
        conversations.publish(topics);
        awaitPatiently()
                .until(() -> Metrics.now().value("parley_ingest_retries_total") > retriesBefore);
        dynamoDb.stopFaults();
        awaitAllCommitted();

        assertAppliedOnce(conversations);
        conversations.assertStored(sessions);
    }

    @Test
    void service_whileAllRequestsFail_isAliveButNotReadyAndCommitsNothing() {
        InterleavedSessions conversations = InterleavedSessions.of("away");
        Map<Integer, Long> committedBefore = offsets.committed();

        try (LivenessWatch _ = new LivenessWatch(live)) {
            dynamoDb.inject(Fault.UNAVAILABLE, request -> true);
            conversations.publish(topics);
            awaitPatiently().untilAsserted(() -> assertThat(ingestion("status")).isEqualTo("DOWN"));
            assertThat(ingestion("data?.reason")).isNotBlank();
            awaitPatiently().until(() -> readiness() == 503);
            await().during(Duration.ofSeconds(1))
                    .atMost(TIMEOUT)
                    .until(() -> offsets.committed().equals(committedBefore));
            assertThat(Metrics.difference(recordsBefore, Metrics.now().records()).values())
                    .containsOnly(0.0);

            dynamoDb.stopFaults();
            awaitAllCommitted();
        }

        awaitPatiently().untilAsserted(() -> assertThat(ingestion("status")).isEqualTo("UP"));
        awaitPatiently().until(() -> readiness() == 200);
        assertAppliedOnce(conversations);
        conversations.assertStored(sessions);
    }

    /** If the service were not ready, its readers would use other pods, which are throttled too. */
    @Test
    void service_whileDynamoDbThrottles_staysReady() {
        int givenBefore = dynamoDb.injectedCount(Fault.THROTTLED);

        dynamoDb.inject(Fault.THROTTLED, request -> true);

        awaitPatiently()
                .until(
                        () -> {
                            assertThat(readiness()).isEqualTo(200);
                            return dynamoDb.injectedCount(Fault.THROTTLED) > givenBefore;
                        });
        assertThat(readiness()).isEqualTo(200);
    }

    /** For example, the session's DynamoDB partition is too hot. */
    @Test
    void offsetOfASessionThatCantBeWritten_isNotCommitted() {
        InterleavedSessions conversations = InterleavedSessions.of("hot");
        String blocked = conversations.lastSessionId();
        int partition = LocalOffsets.partition(blocked);
        long offset =
                offsets.endOffsets().getOrDefault(partition, 0L)
                        + conversations.countBefore(
                                blocked, id -> LocalOffsets.partition(id) == partition);
        int givenBefore = dynamoDb.injectedCount(Fault.THROTTLED);

        dynamoDb.inject(Fault.THROTTLED, isUpdate().and(about(blocked)));
        conversations.publish(topics);
        awaitPatiently().until(() -> dynamoDb.injectedCount(Fault.THROTTLED) > givenBefore);
        await().during(Duration.ofSeconds(1))
                .atMost(TIMEOUT)
                .until(() -> offsets.committed().getOrDefault(partition, 0L) <= offset);
        assertThat(sessions.find(blocked, 0, Consistency.EVENTUAL).await().indefinitely())
                .isEmpty();

        dynamoDb.stopFaults();
        awaitAllCommitted();
        assertAppliedOnce(conversations);
        conversations.assertStored(sessions);
    }

    /** What the other sessions publish after it is many times what one poll returns. */
    @Test
    void sessionThatCantBeWritten_delaysNoOther() {
        InterleavedSessions first = InterleavedSessions.of("blocked");
        String blocked = first.lastSessionId();
        dynamoDb.inject(Fault.THROTTLED, isUpdate().and(about(blocked)));
        first.publish(topics);
        awaitPatiently().until(() -> dynamoDb.injectedCount(Fault.THROTTLED) > 0);

        List<InterleavedSessions> others =
                IntStream.range(0, 20).mapToObj(i -> InterleavedSessions.of("free-" + i)).toList();
        others.forEach(each -> each.publish(topics));

        awaitPatiently()
                .ignoreExceptions() // of a session that is not stored yet
                .untilAsserted(() -> others.forEach(each -> each.assertStored(sessions)));
        assertThat(sessions.find(blocked, 0, Consistency.EVENTUAL).await().indefinitely())
                .isEmpty();
        awaitRetrying(1); // A turn of another session may be stored before its retry has ended.

        dynamoDb.stopFaults();
        awaitAllCommitted();
        first.assertStored(sessions);
        awaitRetrying(0);
        assertAppliedOnce(Stream.concat(Stream.of(first), others.stream()).toList());
    }

    /** Returns a condition for requests about the session's head, not about its pages. */
    private static Predicate<Request> about(String sessionId) {
        return request -> request.body().contains('"' + sessionId + '"');
    }

    private static int readiness() {
        return given().get("/q/health/ready").statusCode();
    }

    private static @Nullable String ingestion(String field) {
        return given().get("/q/health/group/ingestion")
                .path("checks.find { it.name == 'Ingestion' }?." + field);
    }

    /** Asserts that each turn is applied once. A write whose answer was lost is not a duplicate. */
    private void assertAppliedOnce(InterleavedSessions conversations) {
        assertAppliedOnce(List.of(conversations));
    }

    private void assertAppliedOnce(List<InterleavedSessions> conversations) {
        assertThat(Metrics.difference(recordsBefore, Metrics.now().records()))
                .isEqualTo(
                        Map.of(
                                "applied",
                                        (double)
                                                conversations.stream()
                                                        .mapToInt(InterleavedSessions::turns)
                                                        .sum(),
                                "duplicate", 0.0,
                                "ignored", 0.0,
                                "dead_lettered", 0.0));
        assertThat(offsets.deadLetterCount()).isEqualTo(deadLettersBefore);
    }

    private static void awaitRetrying(int sessions) {
        awaitPatiently()
                .until(() -> Metrics.now().value("parley_ingest_sessions_retrying") == sessions);
    }

    private static void awaitAllCommitted() {
        awaitPatiently()
                .untilAsserted(
                        () -> assertThat(offsets.committed()).isEqualTo(offsets.endOffsets()));
    }

    private static ConditionFactory awaitPatiently() {
        return await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(100));
    }
}
