package dev.parley.e2e;

import static dev.parley.local.FaultyDynamoDb.first;
import static dev.parley.local.FaultyDynamoDb.to;
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
import dev.parley.support.Conversations;
import dev.parley.support.Metrics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
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
 * A DynamoDB that fails in each of its ways and comes back: every turn is stored once and counted
 * once, nothing is set aside, nothing is committed too early, nobody restarts the service.
 */
@Tag("faults")
@QuarkusTest
@WithTestResource(FaultyParley.class)
class FaultsTest {

    /** So many faults of a kind are enough to have met requests of all sorts. */
    private static final int ENOUGH = 6;

    private static final double SHARE = 0.3;

    private static LocalTopics topics;
    private static LocalOffsets offsets;

    /** Put here by {@link FaultyParley}. */
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

    /** Tests before may have left records behind. */
    @BeforeEach
    void start() {
        awaitAllCommitted();
        recordsBefore = Metrics.now().records();
        deadLettersBefore = offsets.deadLetters();
    }

    @AfterEach
    void heal() {
        dynamoDb.heal();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HELD", "INVALID"})
    void turns_whileSomeRequestsFail_areStoredOnce(Fault fault) {
        Conversations conversations = Conversations.of(fault.name());

        try (LivenessWatch _ = new LivenessWatch(live)) {
            dynamoDb.give(fault, dynamoDb.share(SHARE));
            conversations.publish(topics);
            patiently().until(() -> dynamoDb.given(fault) >= ENOUGH);
            dynamoDb.heal();
            awaitAllCommitted();
        }

        assertAppliedOnce(conversations);
        conversations.assertStored(sessions);
    }

    /** A write of each kind comes late, when others have long taken its place. */
    @Test
    void turns_whoseWritesComeLate_areStoredOnce() {
        Conversations conversations = Conversations.of("late");
        Predicate<Request> seals =
                to("UpdateItem").and(request -> request.body().contains("late-late#p"));

        try (LivenessWatch _ = new LivenessWatch(live)) {
            dynamoDb.give(
                    Fault.HELD,
                    seals.and(first(1))
                            .or(to("TransactWriteItems").and(first(1)))
                            .or(to("UpdateItem").and(first(2))));
            conversations.publish(topics);
            patiently().until(() -> dynamoDb.given(Fault.HELD) == 4);
            dynamoDb.heal();
            awaitAllCommitted();
            assertAppliedOnce(conversations);
            patiently().until(() -> dynamoDb.held() == 0);
        }

        conversations.assertStored(sessions);
    }

    /** No try of the SDK's own gets through, so that ingestion itself has to try again. */
    @Test
    void turns_whoseWritesAllLoseTheirAnswers_areStoredOnce() {
        Conversations conversations = Conversations.of("lost");
        double retriesBefore = Metrics.now().value("parley_ingest_retries_total");

        dynamoDb.give(
                Fault.ANSWER_LOST,
                to("UpdateItem", "TransactWriteItems").and(about(conversations.last())));
        conversations.publish(topics);
        patiently().until(() -> Metrics.now().value("parley_ingest_retries_total") > retriesBefore);
        dynamoDb.heal();
        awaitAllCommitted();

        assertAppliedOnce(conversations);
        conversations.assertStored(sessions);
    }

    @Test
    void service_whileEveryRequestFails_isAliveAndNotReadyAndCommitsNothing() {
        Conversations conversations = Conversations.of("away");
        Map<Integer, Long> committedBefore = offsets.committed();

        try (LivenessWatch _ = new LivenessWatch(live)) {
            dynamoDb.give(Fault.UNAVAILABLE, request -> true);
            conversations.publish(topics);
            patiently().untilAsserted(() -> assertThat(ingestion("status")).isEqualTo("DOWN"));
            assertThat(ingestion("data?.reason")).isNotBlank();
            patiently().until(() -> readiness() == 503);
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> offsets.committed().equals(committedBefore));
            assertThat(Metrics.difference(recordsBefore, Metrics.now().records()).values())
                    .containsOnly(0.0);

            dynamoDb.heal();
            awaitAllCommitted();
        }

        patiently().untilAsserted(() -> assertThat(ingestion("status")).isEqualTo("UP"));
        patiently().until(() -> readiness() == 200);
        assertAppliedOnce(conversations);
        conversations.assertStored(sessions);
    }

    /** To send its readers elsewhere would help none of them. */
    @Test
    void service_whileDynamoDbThrottles_staysReady() {
        int givenBefore = dynamoDb.given(Fault.THROTTLED);

        dynamoDb.give(Fault.THROTTLED, request -> true);

        patiently()
                .until(
                        () -> {
                            assertThat(readiness()).isEqualTo(200);
                            return dynamoDb.given(Fault.THROTTLED) > givenBefore;
                        });
        assertThat(readiness()).isEqualTo(200);
    }

    /** As when its partition is too hot. */
    @Test
    void offset_ofASessionThatCantBeWritten_isNotPassed() {
        Conversations conversations = Conversations.of("hot");
        String stuck = conversations.last();
        int partition = LocalOffsets.partition(stuck);
        long offset =
                offsets.ends().getOrDefault(partition, 0L)
                        + conversations.before(
                                stuck, id -> LocalOffsets.partition(id) == partition);
        int givenBefore = dynamoDb.given(Fault.THROTTLED);

        dynamoDb.give(Fault.THROTTLED, to("UpdateItem").and(about(stuck)));
        conversations.publish(topics);
        patiently().until(() -> dynamoDb.given(Fault.THROTTLED) > givenBefore);
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofMinutes(3))
                .until(() -> offsets.committed().getOrDefault(partition, 0L) <= offset);
        assertThat(sessions.find(stuck, Consistency.EVENTUAL).await().indefinitely()).isEmpty();

        dynamoDb.heal();
        awaitAllCommitted();
        assertAppliedOnce(conversations);
        conversations.assertStored(sessions);
    }

    /** Requests about the session itself, not about its pages. */
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

    /** Once each: a write that happened although its answer was lost is no duplicate. */
    private void assertAppliedOnce(Conversations conversations) {
        assertThat(Metrics.difference(recordsBefore, Metrics.now().records()))
                .isEqualTo(
                        Map.of(
                                "applied", (double) conversations.turns(),
                                "duplicate", 0.0,
                                "ignored", 0.0,
                                "dead_lettered", 0.0));
        assertThat(offsets.deadLetters()).isEqualTo(deadLettersBefore);
    }

    private static void awaitAllCommitted() {
        patiently().untilAsserted(() -> assertThat(offsets.committed()).isEqualTo(offsets.ends()));
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(100));
    }
}
