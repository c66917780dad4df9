package dev.parley;

import static dev.parley.local.FaultyDynamoDb.first;
import static dev.parley.local.FaultyDynamoDb.to;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.parley.local.Fault;
import dev.parley.local.FaultyDynamoDb;
import dev.parley.local.FaultyParley;
import dev.parley.local.LocalOffsets;
import dev.parley.local.LocalTopics;
import dev.parley.session.SessionReader;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A DynamoDB that fails in each of its ways and comes back: every turn is stored once and counted
 * once, nothing is set aside, nothing is committed too early, nobody restarts the service.
 */
@QuarkusTest
@WithTestResource(FaultyParley.class)
class FaultsTest {

    /** So many faults of a kind are enough to have met reads and writes of all sorts. */
    private static final int ENOUGH = 20;

    private static final double SHARE = 0.4;

    /** A request that is held back costs the time until its caller gives up. */
    private static final double SHARE_HELD = 0.05;

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
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVALID")
    void turns_whileSomeRequestsFail_areStoredOnce(Fault fault) {
        Conversations conversations = Conversations.of(fault.name());
        int enough = fault == Fault.HELD ? 3 : ENOUGH;

        try (LivenessWatch _ = new LivenessWatch(live)) {
            dynamoDb.give(fault, dynamoDb.share(fault == Fault.HELD ? SHARE_HELD : SHARE));
            conversations.publish(topics);
            patiently().until(() -> dynamoDb.given(fault) >= enough);
            dynamoDb.heal();
            awaitAllCommitted();
        }

        assertAppliedOnce(conversations);
        patiently().until(() -> dynamoDb.held() == 0);
        conversations.assertStored(sessions);
    }

    /** So many in a row that no try of the SDK's own gets through. */
    @Test
    void turns_whoseWritesAllLoseTheirAnswersAtFirst_areApplied() {
        Conversations conversations = Conversations.of("lost");
        int givenBefore = dynamoDb.given(Fault.ANSWER_LOST);

        dynamoDb.give(
                Fault.ANSWER_LOST, to("UpdateItem", "TransactWriteItems").and(first(3 * ENOUGH)));
        conversations.publish(topics);
        awaitAllCommitted();

        assertThat(dynamoDb.given(Fault.ANSWER_LOST)).isEqualTo(givenBefore + 3 * ENOUGH);
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
            patiently()
                    .untilAsserted(
                            () ->
                                    given().get("/q/health/ready")
                                            .then()
                                            .statusCode(503)
                                            .body(ingestion("status"), equalTo("DOWN"))
                                            .body(
                                                    ingestion("data.reason"),
                                                    not(emptyOrNullString())));
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> offsets.committed().equals(committedBefore));
            assertThat(Metrics.difference(recordsBefore, Metrics.now().records()).values())
                    .containsOnly(0.0);

            dynamoDb.heal();
            awaitAllCommitted();
        }

        patiently()
                .untilAsserted(
                        () ->
                                given().get("/q/health/ready")
                                        .then()
                                        .statusCode(200)
                                        .body(ingestion("status"), equalTo("UP")));
        assertAppliedOnce(conversations);
        conversations.assertStored(sessions);
    }

    /** As when its partition is too hot. What was published before it is done with. */
    @Test
    void offset_ofASessionThatCantBeWritten_isNotPassed() {
        Conversations conversations = Conversations.of("hot");
        String stuck = conversations.last();
        int partition = LocalOffsets.partition(stuck);
        long offset =
                offsets.ends().getOrDefault(partition, 0L)
                        + conversations.before(
                                stuck, id -> LocalOffsets.partition(id) == partition);

        dynamoDb.give(
                Fault.THROTTLED,
                to("UpdateItem").and(request -> request.body().contains('"' + stuck + '"')));
        conversations.publish(topics);
        patiently().until(() -> applied() >= conversations.before(stuck, id -> true));
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(10))
                .until(() -> offsets.committed().getOrDefault(partition, 0L) <= offset);
        assertThat(sessions.find(stuck).await().indefinitely()).isEmpty();

        dynamoDb.heal();
        awaitAllCommitted();
        assertAppliedOnce(conversations);
        conversations.assertStored(sessions);
    }

    private double applied() {
        return Metrics.difference(recordsBefore, Metrics.now().records())
                .getOrDefault("applied", 0.0);
    }

    private static String ingestion(String field) {
        return "checks.find { it.name == 'Ingestion' }." + field;
    }

    /** A write whose answer was lost is found out by its turns, which are then duplicates. */
    private void assertAppliedOnce(Conversations conversations) {
        Map<String, Double> records =
                new HashMap<>(Metrics.difference(recordsBefore, Metrics.now().records()));
        records.merge("applied", records.getOrDefault("duplicate", 0.0), Double::sum);
        records.remove("duplicate");
        assertThat(records)
                .isEqualTo(
                        Map.of(
                                "applied", (double) conversations.turns(),
                                "ignored", 0.0,
                                "dead_lettered", 0.0));
        assertThat(offsets.deadLetters()).isEqualTo(deadLettersBefore);
    }

    private static void awaitAllCommitted() {
        patiently().untilAsserted(() -> assertThat(offsets.committed()).isEqualTo(offsets.ends()));
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
    }
}
