package dev.parley.packaged;

import static dev.parley.local.FaultyDynamoDb.isUpdate;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.Fault;
import dev.parley.local.FaultyDynamoDb;
import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.local.LocalOffsets;
import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import dev.parley.support.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests two instances while a session can't be written, and while one of them is killed: all other
 * sessions are stored, and afterwards each turn is stored once.
 */
@Tag("packaged")
@Tag("slow")
class BlockedSessionIT {

    private static final Logger LOG = Logger.getLogger(BlockedSessionIT.class);

    private static final int SESSIONS = 200;
    private static final String BLOCKED = "s-blocked";

    private final String name = "blocked-" + UUID.randomUUID();
    private final Instant start = Instant.now();
    private final Map<String, String> settings = ServiceProcess.settingsWithOwn(name);

    private int published;

    @Test
    void sessionThatCantBeWritten_delaysNoOther_evenIfItsInstanceIsKilled() throws Exception {
        LocalInfrastructureProcess.Addresses local = LocalInfrastructureProcess.shared();
        try (LocalTopics topics = LocalTopics.withTopic(name);
                LocalOffsets offsets = new LocalOffsets(name, name);
                FaultyDynamoDb dynamoDb = new FaultyDynamoDb(local.dynamoDb());
                ServiceProcess first = start(dynamoDb);
                ServiceProcess second = start(dynamoDb)) {
            long deadLettersBefore = offsets.deadLetterCount();
            awaiting().until(() -> partitions(first) == 3 && partitions(second) == 3);
            publish(topics, SESSIONS);
            awaitTurns(first, 1);

            dynamoDb.inject(
                    Fault.THROTTLED,
                    isUpdate().and(request -> request.body().contains('"' + BLOCKED + '"')));
            publish(topics, SESSIONS + 1);
            awaiting().until(() -> retrying(first) + retrying(second) == 1);
            awaitTurns(first, 2);
            ServiceProcess killed = retrying(first) == 1 ? first : second;
            ServiceProcess other = killed == first ? second : first;

            long killedAt = System.nanoTime();
            killed.close();
            awaiting().until(() -> partitions(other) == 6);
            LOG.infof("replaced after %s", Duration.ofNanos(System.nanoTime() - killedAt));
            publish(topics, SESSIONS + 1);
            awaitTurns(other, 3);
            assertThat(other.get("/sessions/" + BLOCKED).statusCode()).isEqualTo(404);

            dynamoDb.stopFaults();
            awaiting()
                    .untilAsserted(
                            () -> assertThat(offsets.committed()).isEqualTo(offsets.endOffsets()));
            awaitTurns(other, 3);
            assertThat(other.get("/sessions/" + BLOCKED).body()).contains("\"turnCount\":2,");
            assertThat(offsets.deadLetterCount()).isEqualTo(deadLettersBefore);
        }
    }

    private ServiceProcess start(FaultyDynamoDb dynamoDb) {
        return ServiceProcess.start(
                new LocalInfrastructureProcess.Addresses(
                        dynamoDb.endpoint(), LocalInfrastructureProcess.shared().kafka()),
                settings,
                List.of());
    }

    /** Publishes the next turn of that many sessions. The blocked session is the last of them. */
    private void publish(LocalTopics topics, int sessions) {
        List<Map.Entry<String, String>> turns = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            String event =
                    """
                    {"turnId":"t-%d","role":"user","content":"hi","occurredAt":"%s"}"""
                            .formatted(published, start.plusSeconds(published));
            turns.add(Map.entry(i == SESSIONS ? BLOCKED : "s-" + i, event));
        }
        published++;
        topics.publish(turns);
    }

    private static void awaitTurns(ServiceProcess service, int turns) {
        for (int i = 0; i < SESSIONS; i += 7) {
            String path = "/sessions/s-" + i;
            awaiting()
                    .untilAsserted(
                            () ->
                                    assertThat(service.get(path).body())
                                            .contains("\"turnCount\":" + turns + ","));
        }
    }

    private static double retrying(ServiceProcess service) throws Exception {
        return metrics(service).value("parley_ingest_sessions_retrying");
    }

    private static double partitions(ServiceProcess service) throws Exception {
        return metrics(service).value("parley_partitions_assigned");
    }

    private static Metrics metrics(ServiceProcess service) throws Exception {
        return Metrics.of(service.get("/q/metrics").body());
    }

    private static ConditionFactory awaiting() {
        return await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(200)).ignoreExceptions();
    }
}
