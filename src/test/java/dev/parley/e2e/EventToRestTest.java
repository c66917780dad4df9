package dev.parley.e2e;

import static dev.parley.support.Timeouts.TIMEOUT;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.docs.Documents;
import dev.parley.local.LocalOffsets;
import dev.parley.local.LocalParley;
import dev.parley.local.LocalTopics;
import dev.parley.local.LocalTopics.DeadLetter;
import dev.parley.session.Prose;
import dev.parley.support.Metrics;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Tests that events from Kafka are stored and served by REST. Each test has its own session. */
@QuarkusTest
@WithTestResource(LocalParley.class)
class EventToRestTest {

    /** A turn like the sample in the README. */
    private static final String TURN =
            """
            {"type":"turn","sessionId":"%s","turnId":"t-7","occurredAt":"2026-11-22T10:15:30.123Z","revision":0,
             "role":"assistant","content":"It ships tomorrow.","userId":"u-9","channel":"web",
             "model":"m-1","usage":{"inputTokens":812,"outputTokens":64},"latencyMs":930,"error":null,
             "metadata":{"intent":"shipping"},"attributes":{"locale":"en-GB"},"userData":{"tier":"gold"}}
            """;

    private static LocalTopics topics;

    private String id = "";

    @BeforeAll
    static void connect() {
        topics = new LocalTopics();
    }

    @AfterAll
    static void disconnect() {
        topics.close();
    }

    @BeforeEach
    void nameSession(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void turn_publishedSixTimes_isStoredOnceAndCountedSixTimes() {
        Map<String, Double> before = settledRecords();
        topics.publish(id, TURN.formatted(id));
        awaitTurns(id, 1);

        for (int i = 0; i < 5; i++) {
            topics.publish(id, TURN.formatted(id));
        }
        topics.publish(id, turn(id, "t-8", "The last one."));
        awaitTurns(id, 2);

        given().get("/sessions/" + id)
                .then()
                .statusCode(200)
                .body("userId", equalTo("u-9"))
                .body("turnsByRole", equalTo(Map.of("assistant", 1, "user", 1)))
                .body("usage", equalTo(Map.of("inputTokens", 812, "outputTokens", 64)))
                .body("attributes", equalTo(Map.of("locale", "en-GB")))
                .body("userData", equalTo(Map.of("tier", "gold")))
                .body("turns[0].content", equalTo("It ships tomorrow."))
                .body("turns[0].metadata", equalTo(Map.of("intent", "shipping")))
                .body("turns.turnId", contains("t-7", "t-8"));
        awaitOutcomes(
                before,
                Map.of("applied", 2.0, "duplicate", 5.0, "ignored", 0.0, "dead_lettered", 0.0));
    }

    @Test
    void rasaEvents_deliveredTwiceWithoutKey_areStoredOnce() {
        List<String> events =
                List.of(
                        "'event':'session_started','timestamp':1795342393.2",
                        "'event':'user','timestamp':1795342394.14,'text':'hi','message_id':'m-1'",
                        "'event':'action','timestamp':1795342395.1,'name':'utter_greet'",
                        "'event':'bot','timestamp':1795342395.37,'text':'Hello!','data':{}",
                        "'event':'slot','timestamp':1795342396.01,'name':'from','value':'BER'");
        Map<String, Double> before = settledRecords();

        for (int delivery = 0; delivery < 2; delivery++) {
            for (String event : events) {
                topics.publish(
                        null, "{'sender_id':'%s',%s}".formatted(id, event).replace('\'', '"'));
            }
        }

        awaitOutcomes(
                before,
                Map.of("applied", 4.0, "duplicate", 4.0, "ignored", 2.0, "dead_lettered", 0.0));
        given().get("/sessions/" + id)
                .then()
                .body("turnsByRole", equalTo(Map.of("assistant", 1, "user", 1)))
                .body("attributes", equalTo(Map.of("from", "BER")));
    }

    @Test
    void cloudEvents_inBothModes_areStored_andAMalformedOneIsDeadLettered() {
        topics.publish(
                KafkaMessageFactory.createWriter(LocalTopics.TOPIC)
                        .writeBinary(cloudEvent("e-1", "user", "binary")));
        topics.publish(id, "{broken", Map.of("content-type", JsonFormat.CONTENT_TYPE));
        topics.publish(
                KafkaMessageFactory.createWriter(LocalTopics.TOPIC)
                        .writeStructured(
                                cloudEvent("e-2", "assistant", "structured"),
                                JsonFormat.CONTENT_TYPE));

        awaitTurns(id, 2);
        given().get("/sessions/" + id)
                .then()
                .body("turns.turnId", contains("/desk e-1", "/desk e-2"))
                .body("turns.content", contains("binary", "structured"));
        assertThat(topics.awaitDeadLetters(id, 1))
                .extracting(DeadLetter::value)
                .containsExactly("{broken");
    }

    @Test
    void invalidRecords_betweenValidOnes_areDeadLetteredAlone() {
        String junk = "j".repeat(800_000);
        List<String> invalid =
                List.of(
                        "not json",
                        "{}",
                        "{\"sessionId\":\"" + id + "\",\"content\":\"no role\"}",
                        junk);
        double before = settledRecords().getOrDefault("dead_lettered", 0.0);

        topics.publish(id, turn(id, "t-0", "good"));
        for (int i = 0; i < invalid.size(); i++) {
            topics.publish(id, invalid.get(i), Map.of("trace", "abc"));
            topics.publish(id, turn(id, "t-" + (i + 1), "good"));
        }

        awaitTurns(id, 5);
        List<DeadLetter> letters = topics.awaitDeadLetters(id, 4);
        assertThat(letters).extracting(DeadLetter::value).containsExactlyElementsOf(invalid);
        assertThat(letters)
                .extracting(letter -> letter.headers().get("dead-letter-reason"))
                .containsExactly(
                        "not valid JSON at byte 0",
                        "a turn needs role",
                        "a turn needs role",
                        "not valid JSON at byte 0");
        assertThat(letters)
                .allSatisfy(
                        letter ->
                                assertThat(letter.headers())
                                        .containsEntry("trace", "abc")
                                        .containsEntry("dead-letter-topic", LocalTopics.TOPIC)
                                        .containsKeys(
                                                "dead-letter-partition", "dead-letter-offset"));
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () ->
                                assertThat(Metrics.now().records().get("dead_lettered"))
                                        .isEqualTo(before + 4));
    }

    @Test
    void recordThatTheStoreRejects_isDeadLettered() {
        String tooMuch = "a".repeat(300_000);
        topics.publish(
                id,
                """
                {"type":"session.updated","sessionId":"%s","attributes":{"big":"%s"}}"""
                        .formatted(id, tooMuch));
        topics.publish(id, turn(id, "t-1", "good"));

        awaitTurns(id, 1);
        assertThat(topics.awaitDeadLetters(id, 1))
                .singleElement()
                .satisfies(
                        letter ->
                                assertThat(letter.headers())
                                        .containsEntry(
                                                "dead-letter-reason",
                                                "attributes and user data would be larger than 262144 bytes together"));
    }

    /** The noise can't be compressed, so that it takes several items of DynamoDB. */
    @Test
    void turnsOf900Kilobytes_areReadUnchanged() {
        byte[] noise = new byte[675_000];
        new Random(1).nextBytes(noise);
        String base64 = Base64.getEncoder().encodeToString(noise);
        String text = new Prose(1).text(900_000);
        topics.publish(id, turn(id, "t-1", text));
        topics.publish(id, turn(id, "t-2", base64));
        topics.publish(id, turn(id, "t-3", "good"));

        awaitTurns(id, 3);
        given().get("/sessions/" + id + "/turns")
                .then()
                .body("items.turnId", contains("t-1", "t-2", "t-3"))
                .body("items.content", contains(text, base64, "good"));
    }

    @Test
    void session_isUpdatedEndedAndDeletedByItsEvents() {
        topics.publish(id, TURN.formatted(id));
        topics.publish(
                id,
                """
                {"type":"session.updated","sessionId":"%s","occurredAt":"2026-11-22T10:16:00Z",
                 "attributes":{"topic":"orders","locale":null},"userData":{"tier":"platinum"}}"""
                        .formatted(id));
        topics.publish(
                id,
                """
                {"type":"session.ended","sessionId":"%s","occurredAt":"2026-11-22T10:20:00Z"}"""
                        .formatted(id));
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () ->
                                given().get("/sessions/" + id)
                                        .then()
                                        .body("status", equalTo("ended"))
                                        .body("attributes", equalTo(Map.of("topic", "orders")))
                                        .body("userData", equalTo(Map.of("tier", "platinum")))
                                        .body("asOf", equalTo("2026-11-22T10:20:00Z")));

        topics.publish(
                id,
                """
                {"type":"session.deleted","sessionId":"%s","occurredAt":"2026-11-22T10:21:00Z"}"""
                        .formatted(id));

        await().atMost(TIMEOUT)
                .untilAsserted(() -> given().get("/sessions/" + id).then().statusCode(404));
    }

    @Test
    void sessionWithATombstone_isDeleted() {
        topics.publish(id, TURN.formatted(id));
        awaitTurns(id, 1);

        topics.publish(id, null);

        await().atMost(TIMEOUT)
                .untilAsserted(() -> given().get("/sessions/" + id).then().statusCode(404));
    }

    @Test
    void metrics_afterRecords_addUp() {
        topics.publish(id, turn(id, "t-1", "hi"));
        awaitTurns(id, 1);

        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> {
                            Metrics metrics = Metrics.now();
                            double settled =
                                    metrics.records().values().stream()
                                            .collect(Collectors.summingDouble(Double::doubleValue));
                            assertThat(metrics.value("parley_records_received_total"))
                                    .isEqualTo(settled + metrics.value("parley_records_in_flight"))
                                    .isPositive();
                        });
        assertThat(
                        Metrics.now()
                                .value(
                                        "parley_dynamodb_capacity_units_total{kind=\"write\",operation=\"UpdateItem\"}"))
                .isPositive();
        assertThat(Metrics.now().value("parley_event_lag_seconds_count")).isPositive();
    }

    @Test
    void metrics_ofParley_equalTheDocumentedOnes() {
        Set<String> documented = new TreeSet<>();
        Pattern.compile("\\| `(parley_[a-z_]+)")
                .matcher(Documents.read(Documents.OPERATIONS))
                .results()
                .forEach(match -> documented.add(match.group(1)));

        Set<String> served = new TreeSet<>();
        for (String name : Metrics.now().values().keySet()) {
            served.add(
                    name.replaceAll("\\{.*", "")
                            .replaceAll(
                                    "(_seconds|_records|_items)_(count|sum|max|bucket)$", "$1"));
        }

        assertThat(documented).isEqualTo(served);
    }

    @Test
    void readiness_reportsTheStore_andIngestionHasASeparateHealth() {
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () ->
                                given().get("/q/health/ready")
                                        .then()
                                        .statusCode(200)
                                        .body(
                                                "checks.find { it.name == 'DynamoDB table' }.data.table",
                                                equalTo("ChatbotSessions"))
                                        .body(
                                                "checks.find { it.name == 'DynamoDB table' }.data.arn",
                                                equalTo(
                                                        "arn:aws:dynamodb:ddblocal:000000000000:table/ChatbotSessions"))
                                        .body(
                                                "checks.findAll { !it.name.startsWith('DynamoDB') }.data",
                                                everyItem(nullValue())));
        for (String path : List.of("/q/health/group/ingestion", "/q/health/well")) {
            await().atMost(TIMEOUT)
                    .untilAsserted(
                            () ->
                                    given().get(path)
                                            .then()
                                            .statusCode(200)
                                            .body(
                                                    "checks.name",
                                                    containsInAnyOrder(
                                                            "Ingestion",
                                                            "Kafka brokers",
                                                            "Kafka partitions"))
                                            .body(
                                                    "checks.find { it.name == 'Kafka partitions' }.data.assigned",
                                                    equalTo(6)));
        }
        for (String part : List.of("brokers", "partitions", "writes")) {
            assertThat(Metrics.now().value("parley_ingestion_up{part=\"" + part + "\"}"))
                    .isEqualTo(1);
        }
        given().get("/q/health/live").then().statusCode(200).body("checks.status", hasItem("UP"));
    }

    /** Returns an event as the official SDK creates it. Its record has no key. */
    private CloudEvent cloudEvent(String eventId, String role, String content) {
        String data = "{\"role\":\"%s\",\"content\":\"%s\"}".formatted(role, content);
        return CloudEventBuilder.v1()
                .withId(eventId)
                .withSource(URI.create("/desk"))
                .withType("com.example.chat.turn")
                .withSubject(id)
                .withTime(OffsetDateTime.parse("2026-11-22T11:00:00Z"))
                .withData("application/json", data.getBytes(UTF_8))
                .build();
    }

    private static String turn(String sessionId, String turnId, String content) {
        return """
               {"sessionId":"%s","turnId":"%s","role":"user","content":"%s"}"""
                .formatted(sessionId, turnId, content);
    }

    /** Returns the counts of outcomes, once those of all records of earlier tests are counted. */
    private static Map<String, Double> settledRecords() {
        try (LocalOffsets offsets = new LocalOffsets()) {
            await().atMost(TIMEOUT)
                    .untilAsserted(
                            () -> assertThat(offsets.committed()).isEqualTo(offsets.endOffsets()));
        }
        return Metrics.now().records();
    }

    private static void awaitOutcomes(Map<String, Double> before, Map<String, Double> expected) {
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () ->
                                assertThat(Metrics.difference(before, Metrics.now().records()))
                                        .isEqualTo(expected));
    }

    private static void awaitTurns(String sessionId, int turns) {
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () ->
                                given().get("/sessions/" + sessionId)
                                        .then()
                                        .statusCode(200)
                                        .body("turnCount", equalTo(turns)));
    }
}
