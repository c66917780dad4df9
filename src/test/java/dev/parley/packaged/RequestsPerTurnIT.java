package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import dev.parley.support.Metrics;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Counts the requests to DynamoDB under load: they carry many items each. How many depends on the
 * machine, so the bounds are above what is usual: 0.23, 0.06 and 0.13.
 */
@Tag("packaged")
@Tag("slow")
class RequestsPerTurnIT {

    private static final Logger LOG = Logger.getLogger(RequestsPerTurnIT.class);

    private static final int SESSIONS = 12_000;
    private static final int READS = 6_000;
    private static final int READERS = 32;

    private final String name = "requests-" + UUID.randomUUID();
    private final Instant start = Instant.now();

    @Test
    void turnsAndReads_underLoad_shareRequests() throws Exception {
        Map<String, String> settings = ServiceProcess.settingsWithOwn(name);
        try (LocalTopics topics = LocalTopics.withTopic(name);
                ServiceProcess service = ServiceProcess.start(settings)) {
            publish(topics, 0);
            awaitApplied(service, SESSIONS);
            double afterFirst = requests(service);
            publish(topics, 1);
            awaitApplied(service, 2 * SESSIONS);
            double afterSecond = requests(service);
            read(service);
            double afterReads = requests(service);

            double first = afterFirst / SESSIONS;
            double second = (afterSecond - afterFirst) / SESSIONS;
            double reads = (afterReads - afterSecond) / READS;
            LOG.infof(
                    "%.3f for a new session, %.3f for its second turn, %.3f for a" + " read",
                    first, second, reads);
            assertThat(first).isLessThan(0.5);
            assertThat(second).isLessThan(0.3);
            assertThat(reads).isLessThan(0.60);
        }
    }

    private void publish(LocalTopics topics, int number) {
        List<Map.Entry<String, String>> turns = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            String event =
                    """
                    {"turnId":"t-%d","role":"user","content":"hi","occurredAt":"%s"}"""
                            .formatted(number, start.plusSeconds(number));
            turns.add(Map.entry("s-" + i, event));
        }
        topics.publish(turns);
    }

    private static void awaitApplied(ServiceProcess service, double turns) {
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions() // the service starts
                .until(() -> metrics(service).records().getOrDefault("applied", 0.0) == turns);
    }

    private static void read(ServiceProcess service) throws Exception {
        try (HttpClient client =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<Callable<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < READS; i++) {
                HttpRequest request =
                        HttpRequest.newBuilder(service.uri("/sessions/s-" + i)).build();
                reads.add(() -> client.send(request, BodyHandlers.discarding()).statusCode());
            }
            for (Future<Integer> status : readers.invokeAll(reads)) {
                assertThat(status.get()).isEqualTo(200);
            }
        }
    }

    private static double requests(ServiceProcess service) throws Exception {
        return metrics(service).values().entrySet().stream()
                .filter(each -> each.getKey().startsWith("parley_dynamodb_request_seconds_count"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static Metrics metrics(ServiceProcess service) throws Exception {
        return Metrics.of(service.get("/q/metrics").body());
    }
}
