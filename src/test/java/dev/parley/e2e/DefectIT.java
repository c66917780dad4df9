package dev.parley.e2e;

import static dev.parley.local.FaultyDynamoDb.isUpdate;
import static dev.parley.support.Timeouts.TIMEOUT;
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
 * Tests that a write is reported as a defect if DynamoDB rejects it as invalid: its records are
 * dead-lettered, and all other records are processed. The test has a separate service, because it
 * checks the log.
 */
@Tag("faults")
@Tag("slow")
@QuarkusTest
@WithTestResource(value = FaultyParley.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class DefectIT {

    private static final String DEFECTIVE = "s-defect";
    private static final String REASON = "defect: dev.parley.session.SessionStoreException$Refused";

    /** Set by {@link FaultyParley}. */
    @SuppressWarnings("NullAway.Init")
    FaultyDynamoDb dynamoDb;

    @Test
    void writeThatDynamoDbRejects_isDeadLetteredAndLogged_andOtherSessionsContinue() {
        try (LocalTopics topics = new LocalTopics();
                LocalOffsets offsets = new LocalOffsets();
                Log log = new Log()) {
            awaitPatiently().until(() -> offsets.committed().equals(offsets.endOffsets()));
            Metrics before = Metrics.now();

            dynamoDb.inject(
                    Fault.INVALID, isUpdate().and(request -> request.body().contains(DEFECTIVE)));
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
            awaitPatiently().until(() -> offsets.committed().equals(offsets.endOffsets()));
            assertThat(given().get("/sessions/s-good").<Integer>path("turnCount")).isEqualTo(2);
            assertThat(given().get("/q/health/live").statusCode()).isEqualTo(200);
            assertCounted(before, log);
            assertThat(log.errors()).anyMatch(line -> line.contains("DynamoDbFailures"));
            assertThat(log.all()).noneMatch(line -> line.contains("SECRET"));
        } finally {
            dynamoDb.stopFaults();
        }
    }

    /**
     * Asserts that each record and each defect is counted once. The two turns of the session share
     * a write, unless the second one is polled later.
     */
    private static void assertCounted(Metrics before, Log log) {
        Metrics after = Metrics.now();
        assertThat(Metrics.difference(before.records(), after.records()))
                .isEqualTo(
                        Map.of(
                                "applied", 2.0,
                                "duplicate", 0.0,
                                "ignored", 0.0,
                                "dead_lettered", 2.0));
        assertThat(after.value("parley_records_in_flight")).isZero();
        long defects = log.errors().stream().filter(line -> line.contains("Defect: ")).count();
        assertThat(defects).isBetween(1L, 2L);
        assertThat(after.value("parley_ingest_defects_total"))
                .isEqualTo(before.value("parley_ingest_defects_total") + defects);
    }

    private static Map.Entry<String, String> turn(String sessionId, String turnId) {
        return Map.entry(
                sessionId,
                """
                {"turnId":"%s","role":"user","content":"SECRET","userData":{"k":"SECRET"}}"""
                        .formatted(turnId));
    }

    private static ConditionFactory awaitPatiently() {
        return await().atMost(TIMEOUT);
    }

    /** The log of the service, with stack traces. */
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
