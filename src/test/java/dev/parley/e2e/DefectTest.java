package dev.parley.e2e;

import static dev.parley.local.FaultyDynamoDb.to;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.Fault;
import dev.parley.local.FaultyDynamoDb;
import dev.parley.local.FaultyParley;
import dev.parley.local.LocalOffsets;
import dev.parley.local.LocalTopics;
import dev.parley.support.Metrics;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.core.ConditionFactory;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A write that DynamoDB calls invalid is a defect of Parley's, and would be one again: what meets
 * it is set aside whole, and everybody else's records go on. In a service of its own, for its log.
 */
@Tag("faults")
@QuarkusTest
@WithTestResource(value = FaultyParley.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class DefectTest {

    private static final String DEFECTIVE = "s-defect";
    private static final String REASON = "defect: dev.parley.session.SessionStoreException$Refused";

    /** Put here by {@link FaultyParley}. */
    @SuppressWarnings("NullAway.Init")
    FaultyDynamoDb dynamoDb;

    @Test
    void write_thatDynamoDbCallsInvalid_isSetAsideAloudAndStopsNobody() {
        try (LocalTopics topics = new LocalTopics();
                LocalOffsets offsets = new LocalOffsets();
                Log log = new Log()) {
            awaiting().until(() -> offsets.committed().equals(offsets.ends()));
            Metrics before = Metrics.now();

            dynamoDb.give(
                    Fault.INVALID,
                    to("UpdateItem").and(request -> request.body().contains(DEFECTIVE)));
            topics.publish(
                    List.of(
                            turn(DEFECTIVE, "t-1"),
                            turn("s-good", "t-1"),
                            turn(DEFECTIVE, "t-2"),
                            turn("s-good", "t-2")));

            assertThat(topics.awaitDeadLetters(DEFECTIVE, 2))
                    .allSatisfy(
                            letter -> {
                                assertThat(letter.value()).contains("SECRET");
                                assertThat(letter.headers())
                                        .containsEntry("dead-letter-reason", REASON);
                            });
            awaiting().until(() -> offsets.committed().equals(offsets.ends()));
            assertThat(given().get("/sessions/s-good").<Integer>path("turnCount")).isEqualTo(2);
            assertThat(given().get("/q/health/live").statusCode()).isEqualTo(200);
            assertCounted(before);
            assertThat(log.errors()).anyMatch(line -> line.contains("DynamoDbFailures"));
            assertThat(log.all()).noneMatch(line -> line.contains("SECRET"));
        } finally {
            dynamoDb.heal();
        }
    }

    /** Each record once, and nothing tried again. */
    private void assertCounted(Metrics before) {
        Metrics after = Metrics.now();
        assertThat(Metrics.difference(before.records(), after.records()))
                .isEqualTo(
                        Map.of(
                                "applied", 2.0,
                                "duplicate", 0.0,
                                "ignored", 0.0,
                                "dead_lettered", 2.0));
        assertThat(after.value("parley_records_in_flight")).isZero();
        assertThat(after.value("parley_ingest_defects_total"))
                .isEqualTo(
                        before.value("parley_ingest_defects_total") + dynamoDb.given(Fault.INVALID))
                .isPositive();
    }

    private static Map.Entry<String, String> turn(String sessionId, String turnId) {
        return Map.entry(
                sessionId,
                """
                {"turnId":"%s","role":"user","content":"SECRET","userData":{"k":"SECRET"}}"""
                        .formatted(turnId));
    }

    private static ConditionFactory awaiting() {
        return await().atMost(Duration.ofMinutes(3));
    }

    /** What the service writes, stack traces and all. */
    private static final class Log extends Handler implements AutoCloseable {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final List<String> errors = new CopyOnWriteArrayList<>();

        Log() {
            setFormatter(new PatternFormatter("%p [%c] %s%e"));
            Logger.getLogger("").addHandler(this);
        }

        List<String> all() {
            return lines;
        }

        List<String> errors() {
            return errors;
        }

        @Override
        public void publish(LogRecord record) {
            String line = getFormatter().format(record);
            lines.add(line);
            if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
                errors.add(line);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            Logger.getLogger("").removeHandler(this);
        }
    }
}
