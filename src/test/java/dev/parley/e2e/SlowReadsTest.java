package dev.parley.e2e;

import static dev.parley.local.FaultyDynamoDb.to;
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
import dev.parley.support.Conversations;
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
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Dashboards that ask for more than DynamoDB gives: they are told so, and nobody else suffers. */
@Tag("faults")
@QuarkusTest
@WithTestResource(FaultyParley.class)
class SlowReadsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** More than may be under way; each list is one query. */
    private static final int READERS = 400;

    /** Put here by {@link FaultyParley}. */
    @SuppressWarnings("NullAway.Init")
    FaultyDynamoDb dynamoDb;

    @Inject SessionReader sessions;

    @SuppressWarnings("NullAway.Init")
    @TestHTTPResource("/sessions?userId=u-slow")
    URI list;

    @AfterEach
    void heal() {
        dynamoDb.heal();
    }

    @Test
    void reads_whileDynamoDbIsSlow_areToldInTimeAndLeaveIngestionItsShare() throws Exception {
        Conversations conversations = Conversations.of("beside-slow-reads");
        double retriesBefore = retries();
        int heldBefore = dynamoDb.given(Fault.HELD);
        dynamoDb.give(Fault.HELD, to("Query"));

        try (LocalTopics topics = new LocalTopics();
                LocalOffsets offsets = new LocalOffsets();
                Readers readers = new Readers(list, READERS)) {
            await().atMost(PATIENCE).until(() -> dynamoDb.given(Fault.HELD) >= heldBefore + 40);
            conversations.publish(topics);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(offsets.committed()).isEqualTo(offsets.ends()));
            await().atMost(PATIENCE).until(() -> readers.answers.size() >= 2 * READERS);

            for (HttpResponse<String> answer : readers.answers) {
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).contains("5");
                assertThat(answer.headers().firstValue("Content-Type"))
                        .contains("application/problem+json");
            }
            // Two attempts for each that was under way, none for those who had left by then.
            assertThat(dynamoDb.given(Fault.HELD) - heldBefore).isLessThan(readers.answers.size());
        }
        assertThat(retries()).isEqualTo(retriesBefore);
        dynamoDb.heal();
        conversations.assertStored(sessions);
        given().get(list).then().statusCode(200).body("items.size()", equalTo(0));
    }

    private static double retries() {
        return Metrics.now().value("parley_ingest_retries_total");
    }

    /** Many at a time, each asking again as soon as it is answered. */
    private static final class Readers implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final HttpRequest request;
        private final Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
        private volatile boolean reading = true;

        Readers(URI list, int readers) {
            request = HttpRequest.newBuilder(list).timeout(PATIENCE).build();
            for (int i = 0; i < readers; i++) {
                ask();
            }
        }

        private void ask() {
            var _ =
                    client.sendAsync(request, BodyHandlers.ofString())
                            .thenAccept(
                                    answer -> {
                                        answers.add(answer);
                                        if (reading) {
                                            ask();
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
