package dev.parley.support;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A reader of Server-Sent Events, as a browser is one, but for coming back by itself. */
public final class EventsClient implements AutoCloseable {

    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * An event.
     *
     * @param at when it came, as {@link System#nanoTime}
     */
    public record Event(String name, String id, String data, long at) {}

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger comments = new AtomicInteger();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final HttpResponse<InputStream> response;

    private EventsClient(HttpResponse<InputStream> response) {
        this.response = response;
        Thread.ofVirtual().start(this::read);
    }

    /**
     * Asks for events, and waits for the head of the answer.
     *
     * @param lastEventId empty for none
     */
    public static EventsClient of(URI uri, String lastEventId)
            throws IOException, InterruptedException {
        return of(uri, lastEventId.isEmpty() ? Map.of() : Map.of("Last-Event-ID", lastEventId));
    }

    /** The same, with those headers. */
    public static EventsClient of(URI uri, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(PATIENCE).header("Accept", "text/event-stream");
        headers.forEach(request::header);
        return new EventsClient(HTTP.send(request.build(), BodyHandlers.ofInputStream()));
    }

    /** A header of the answer; empty if there is none. */
    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** All that came so far. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    public int comments() {
        return comments.get();
    }

    /** Waits for an event like that. */
    public Event awaitEvent(Predicate<Event> wanted) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> events.stream().anyMatch(wanted));
        return events.stream().filter(wanted).findFirst().orElseThrow();
    }

    /** Done when the answer ends as HTTP says, failed when it breaks off. */
    public CompletableFuture<Void> end() {
        return end;
    }

    private void read() {
        Map<String, String> fields = new HashMap<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(line, fields);
            }
            end.complete(null);
        } catch (IOException e) {
            end.completeExceptionally(e);
        }
    }

    private void take(String line, Map<String, String> fields) {
        int colon = line.indexOf(':');
        if (colon > 0) {
            fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        } else if (colon == 0) {
            comments.incrementAndGet();
        } else if (!fields.isEmpty()) {
            events.add(
                    new Event(
                            fields.getOrDefault("event", "message"),
                            fields.getOrDefault("id", ""),
                            fields.getOrDefault("data", ""),
                            System.nanoTime()));
            fields.clear();
        }
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
