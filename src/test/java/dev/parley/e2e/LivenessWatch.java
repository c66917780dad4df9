package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Requests the liveness repeatedly, and fails if it is ever DOWN. Kubernetes would restart the pod.
 */
public final class LivenessWatch implements AutoCloseable {

    private static final int INTERVAL_MS = 100;

    private final List<String> answers = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    public LivenessWatch(URI live) {
        HttpRequest request = HttpRequest.newBuilder(live).build();
        var _ =
                scheduler.scheduleWithFixedDelay(
                        () -> answers.add(answer(request)), 0, INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    private String answer(HttpRequest request) {
        try {
            var response = client.send(request, BodyHandlers.ofString());
            return response.statusCode() == 200 ? "UP" : response.body();
        } catch (IOException | InterruptedException e) {
            return e.toString();
        }
    }

    /** Fails unless all answers were UP. */
    @Override
    public void close() {
        scheduler.close();
        client.close();
        assertThat(answers).isNotEmpty().containsOnly("UP");
    }
}
