package dev.parley;

import static dev.parley.local.FaultyDynamoDb.to;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.Fault;
import dev.parley.local.FaultyDynamoDb;
import dev.parley.local.FaultyParley;
import dev.parley.local.LocalOffsets;
import dev.parley.local.LocalTopics;
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
import org.junit.jupiter.api.Test;

/**
 * A write that DynamoDB calls invalid is a defect of Parley's: to go on would be to lose a turn, to
 * try again without end would be to hide it. In a service of its own, since it stops.
 */
@QuarkusTest
@WithTestResource(value = FaultyParley.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class DefectTest {

    /** Put here by {@link FaultyParley}. */
    @SuppressWarnings("NullAway.Init")
    FaultyDynamoDb dynamoDb;

    @Test
    void write_thatDynamoDbCallsInvalid_stopsTheConsumerAloud() {
        try (LocalTopics topics = new LocalTopics();
                LocalOffsets offsets = new LocalOffsets();
                Log log = new Log()) {
            awaiting().until(() -> offsets.committed().equals(offsets.ends()));
            Map<Integer, Long> committedBefore = offsets.committed();
            long deadLettersBefore = offsets.deadLetters();
            assertThat(given().get("/q/health/live").statusCode()).isEqualTo(200);

            dynamoDb.give(Fault.INVALID, to("UpdateItem"));
            topics.publish(
                    "s-defect",
                    """
                    {"turnId":"t-1","role":"user","content":"SECRET","userData":{"k":"SECRET"}}""");

            awaiting().until(() -> given().get("/q/health/live").statusCode() == 503);
            assertThat(log.errors()).isNotEmpty();
            assertThat(log.all()).noneMatch(line -> line.contains("SECRET"));
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> offsets.committed().equals(committedBefore));
            assertThat(dynamoDb.given(Fault.INVALID)).isEqualTo(1);
            assertThat(offsets.deadLetters()).isEqualTo(deadLettersBefore);
            assertThat(Metrics.now().value("parley_records_in_flight")).isEqualTo(1);
        }
    }

    private static ConditionFactory awaiting() {
        return await().atMost(Duration.ofSeconds(30));
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
