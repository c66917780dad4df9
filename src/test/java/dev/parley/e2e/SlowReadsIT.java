package dev.parley.e2e;

import static dev.parley.local.FaultyDynamoDb.isOperation;
import static dev.parley.support.Timeouts.TIMEOUT;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.local.Fault;
import dev.parley.local.FaultyDynamoDb;
import dev.parley.local.FaultyParley;
import dev.parley.local.LocalOffsets;
import dev.parley.local.LocalTopics;
import dev.parley.session.SessionReader;
import dev.parley.support.InterleavedSessions;
import dev.parley.support.Metrics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that readers get 503 in time while DynamoDB answers reads too slowly, and that ingestion
 * continues meanwhile.
 */
@Tag("faults")
@Tag("slow")
@QuarkusTest
@WithTestResource(FaultyParley.class)
class SlowReadsIT {

    /** More readers than reads that may be in progress at the same time. Each list is one query. */
    private static final int READERS = 400;

    /** Set by {@link FaultyParley}. */
    @SuppressWarnings("NullAway.Init")
    FaultyDynamoDb dynamoDb;

    @Inject SessionReader sessions;

    @SuppressWarnings("NullAway.Init")
    @TestHTTPResource("/sessions?userId=u-slow")
    URI list;

    @AfterEach
    void heal() {
        dynamoDb.stopFaults();
    }

    @Test
    void readsWhileDynamoDbIsSlow_failInTimeAndDoNotDelayIngestion() throws Exception {
        InterleavedSessions conversations = InterleavedSessions.of("beside-slow-reads");
        double retriesBefore = retries();
        int delayedBefore = dynamoDb.injectedCount(Fault.DELAYED);
        dynamoDb.inject(Fault.DELAYED, isOperation("Query"));

        try (LocalTopics topics = new LocalTopics();
                LocalOffsets offsets = new LocalOffsets();
                Readers readers = new Readers(list, READERS)) {
            await().atMost(TIMEOUT)
                    .until(() -> dynamoDb.injectedCount(Fault.DELAYED) >= delayedBefore + 40);
            conversations.publish(topics);
            await().atMost(TIMEOUT)
                    .untilAsserted(
                            () -> assertThat(offsets.committed()).isEqualTo(offsets.endOffsets()));
            await().atMost(TIMEOUT).until(() -> readers.answers.size() >= 2 * READERS);

            for (HttpResponse<String> answer : readers.answers) {
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).contains("5");
                assertThat(answer.headers().firstValue("Content-Type"))
                        .contains("application/problem+json");
            }
            // Two attempts for each read in progress. A read that is cancelled while it waits has
            // none.
            assertThat(dynamoDb.injectedCount(Fault.DELAYED) - delayedBefore)
                    .isLessThan(readers.answers.size());
        }
        assertThat(retries()).isEqualTo(retriesBefore);
        dynamoDb.stopFaults();
        conversations.assertStored(sessions);
        given().get(list).then().statusCode(200).body("items.size()", equalTo(0));
    }

    private static double retries() {
        return Metrics.now().value("parley_ingest_retries_total");
    }

    /** Many readers in parallel. Each sends its next request as soon as it has an answer. */
    private static final class Readers implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final HttpRequest request;
        private final Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
        private volatile boolean reading = true;

        Readers(URI list, int readers) {
            request = HttpRequest.newBuilder(list).timeout(TIMEOUT).build();
            for (int i = 0; i < readers; i++) {
                send();
            }
        }

        private void send() {
            var _ =
                    client.sendAsync(request, BodyHandlers.ofString())
                            .thenAccept(
                                    answer -> {
                                        answers.add(answer);
                                        if (reading) {
                                            send();
                                        }
                                    });
        }

        @Override
        public void close() {
            reading = false;
            client.close();
        }
    }
}
