package dev.parley.e2e;

import static dev.parley.support.Timeouts.TIMEOUT;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.InvalidRecord.Expected;
import dev.parley.json.ExactJson;
import dev.parley.local.Fault;
import dev.parley.local.FaultyDynamoDb;
import dev.parley.local.FaultyParley;
import dev.parley.local.LocalOffsets;
import dev.parley.local.LocalTopics;
import dev.parley.local.LocalTopics.DeadLetter;
import dev.parley.support.Metrics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests invalid records on a real broker, all published at once and each followed by a valid one.
 * What can be stored is returned as it was sent, everything else is dead-lettered with its reason,
 * valid records are not affected, and each record causes few writes.
 */
@Tag("slow")
@QuarkusTest
@WithTestResource(FaultyParley.class)
class InvalidRecordsIT {

    /**
     * The most writes that one record causes: the page that it seals, its own page if it is too
     * large for the tail, and the head.
     */
    private static final int MAX_WRITES = 3;

    /** Set by {@link FaultyParley}. */
    @SuppressWarnings("NullAway.Init")
    FaultyDynamoDb dynamoDb;

    @Test
    void invalidRecord_isStoredAsSentOrDeadLetteredWithItsReason() {
        List<InvalidRecord> cases =
                Stream.of(InvalidJson.cases(), InvalidRecords.cases())
                        .flatMap(List::stream)
                        .toList();
        assertThat(cases).extracting(InvalidRecord::validSession).doesNotHaveDuplicates();
        CountedWrites writes = new CountedWrites();
        dynamoDb.inject(Fault.ERROR, writes::count);
        try (LocalTopics topics = new LocalTopics();
                LocalOffsets offsets = new LocalOffsets()) {
            awaitAllCommitted(offsets);
            Metrics before = Metrics.now();

            topics.publishRaw(
                    cases.stream()
                            .flatMap(each -> Stream.of(each.record(), validRecord(each)))
                            .toList());

            awaitAllCommitted(offsets);
            assertThat(given().get("/q/health/live").statusCode()).isEqualTo(200);
            Map<String, DeadLetter> letters = topics.deadLettersByHeader(InvalidRecord.CASE);
            SoftAssertions softly = new SoftAssertions();
            assertCounted(softly, cases, before);
            for (InvalidRecord each : cases) {
                assertResult(softly, each, letters.get(each.name()));
                assertValidRecordIsStored(softly, each);
                softly.assertThat(writes.of(each.sessionId()))
                        .as("writes of %s", each)
                        .isLessThanOrEqualTo(MAX_WRITES + 1);
            }
            softly.assertAll();
        }
    }

    /**
     * The record takes few bytes on the broker, because it is compressed. Parley does not keep a
     * value in memory that is larger than the limit.
     */
    @Test
    void tooLargeRecord_isDeadLetteredWithoutItsValue() {
        InvalidRecord tooLarge = new InvalidRecord("12 MB").value(new byte[12 * 1024 * 1024]);
        try (LocalTopics topics = new LocalTopics()) {
            topics.publishRaw(List.of(tooLarge.record(), validRecord(tooLarge)));

            DeadLetter letter = topics.awaitDeadLetters(tooLarge.sessionId(), 1).getFirst();

            assertThat(letter.value()).isEmpty();
            assertThat(letter.headers())
                    .containsEntry("dead-letter-reason", "larger than 2097152 bytes")
                    .containsKeys(
                            "dead-letter-omitted",
                            "dead-letter-partition",
                            "dead-letter-offset",
                            InvalidRecord.CASE);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(turnIds(tooLarge)).contains("good"));
        }
    }

    private static void assertResult(
            SoftAssertions softly, InvalidRecord each, @Nullable DeadLetter letter) {
        String reason = letter == null ? "" : letter.headers().get("dead-letter-reason");
        switch (each.expected()) {
            case Expected.DeadLettered(String expected) -> {
                softly.assertThat(reason).as("%s", each).isEqualTo(expected);
                softly.assertThat(reason).as("%s", each).doesNotContain("SECRET");
            }
            case Expected.Ignored() -> softly.assertThat(letter).as("%s", each).isNull();
            case Expected.Stored(Map<String, String> expected) -> {
                softly.assertThat(letter).as("%s: %s", each, reason).isNull();
                expected.forEach(
                        (place, json) ->
                                softly.assertThat(shortened(stored(each.sessionId(), place)))
                                        .as("%s: %s", each, place)
                                        .isEqualTo(shortened(json)));
            }
        }
    }

    /** Returns JSON of up to 900 KB in a short form that still shows whether it differs. */
    private static String shortened(String json) {
        return json.length() < 300
                ? json
                : json.substring(0, 100) + "… " + json.length() + " " + json.hashCode();
    }

    private static String stored(String sessionId, String place) {
        int slash = place.indexOf('/');
        boolean ofTurn = place.startsWith("turn/");
        Response response =
                ofTurn
                        ? given().get("/sessions/{id}/turns?order=asc&limit=1", sessionId)
                        : given().get("/sessions/{id}?turns=none", sessionId);
        if (response.statusCode() != 200) {
            return "status " + response.statusCode();
        }
        JsonNode found = ExactJson.readObject(new String(response.asByteArray(), UTF_8));
        JsonNode node = (ofTurn ? found.at("/items/0") : found).at(place.substring(slash));
        return node.isMissingNode() ? "" : node.toString();
    }

    private static ProducerRecord<byte[], byte[]> validRecord(InvalidRecord invalid) {
        return new InvalidRecord(invalid.name())
                .turn("\"good\"", "\"turnId\":\"good\"", "\"occurredAt\":\"2026-11-22T12:00:00Z\"")
                .record();
    }

    private static void assertValidRecordIsStored(SoftAssertions softly, InvalidRecord each) {
        softly.assertThat(turnIds(each)).as("the valid record after %s", each).contains("good");
    }

    private static @Nullable List<String> turnIds(InvalidRecord each) {
        return given().get("/sessions/{id}/turns", each.validSession()).path("items.turnId");
    }

    /** Asserts that each record is counted once, with its expected result. */
    private static void assertCounted(
            SoftAssertions softly, List<InvalidRecord> cases, Metrics before) {
        Map<String, Double> expected =
                new HashMap<>(Map.of("duplicate", 0.0, "ignored", 0.0, "dead_lettered", 0.0));
        expected.put("applied", (double) cases.size());
        for (InvalidRecord each : cases) {
            expected.merge(
                    switch (each.expected()) {
                        case Expected.Stored stored -> "applied";
                        case Expected.DeadLettered letter -> "dead_lettered";
                        case Expected.Ignored ignored -> "ignored";
                    },
                    1.0,
                    Double::sum);
        }
        Metrics after = Metrics.now();
        softly.assertThat(Metrics.difference(before.records(), after.records()))
                .isEqualTo(expected);
        String received = "parley_records_received_total";
        softly.assertThat(after.value(received) - before.value(received))
                .isEqualTo(2 * cases.size());
        softly.assertThat(after.value("parley_records_in_flight")).isZero();
    }

    private static void awaitAllCommitted(LocalOffsets offsets) {
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(
                        () -> assertThat(offsets.committed()).isEqualTo(offsets.endOffsets()));
    }

    /** Counts the writes of each session, including those of its pages. */
    private static final class CountedWrites {
        private final Map<String, Integer> bySession = new TreeMap<>();

        /** Counts the writes of a request. Returns false, so that no request fails. */
        synchronized boolean count(FaultyDynamoDb.Request request) {
            JsonNode body = ExactJson.readObject(request.body());
            List<JsonNode> keys = new ArrayList<>();
            switch (request.operation()) {
                case "UpdateItem" -> keys.add(body.path("Key"));
                case "TransactWriteItems" ->
                        body.path("TransactItems")
                                .forEach(item -> keys.add(item.path("Update").path("Key")));
                default -> {}
            }
            for (JsonNode key : keys) {
                String id = key.at("/sessionId/S").asText().replaceFirst("#p\\d+(\\.\\d+)*$", "");
                bySession.merge(id, 1, Integer::sum);
            }
            return false;
        }

        synchronized int of(String sessionId) {
            return bySession.getOrDefault(sessionId, 0);
        }
    }
}
