package dev.parley.support;

import static dev.parley.support.Timeouts.TIMEOUT;
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

/**
 * A client of Server-Sent Events like that of a browser, except that it does not reconnect by
 * itself.
 */
public final class EventsClient implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * A received event.
     *
     * @param at the time at which it was received, as returned by {@link System#nanoTime}
     */
    public record Event(String name, String id, String data, long at) {}

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger comments = new AtomicInteger();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final HttpResponse<InputStream> response;

    private EventsClient(HttpResponse<InputStream> response) {
        this.response = response;
        Thread.ofVirtual().start(this::readEvents);
    }

    /**
     * Requests events, and waits for the headers of the response.
     *
     * @param lastEventId empty for none
     */
    public static EventsClient connect(URI uri, String lastEventId)
            throws IOException, InterruptedException {
        return connect(
                uri, lastEventId.isEmpty() ? Map.of() : Map.of("Last-Event-ID", lastEventId));
    }

    /** Requests events with the given headers, and waits for the headers of the response. */
    public static EventsClient connect(URI uri, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(TIMEOUT).header("Accept", "text/event-stream");
        headers.forEach(request::header);
        return new EventsClient(HTTP.send(request.build(), BodyHandlers.ofInputStream()));
    }

    /** Returns a header of the response; empty if there is none. */
    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** Returns all events that have been received so far. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    public int comments() {
        return comments.get();
    }

    /** Waits for an event that matches, and returns the first one. */
    public Event awaitEvent(Predicate<Event> wanted) {
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> events.stream().anyMatch(wanted));
        return events.stream().filter(wanted).findFirst().orElseThrow();
    }

    /**
     * Returns a future that completes when the response ends, and fails if the connection breaks
     * before that.
     */
    public CompletableFuture<Void> end() {
        return end;
    }

    private void readEvents() {
        Map<String, String> fields = new HashMap<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                parseLine(line, fields);
            }
            end.complete(null);
        } catch (IOException e) {
            end.completeExceptionally(e);
        }
    }

    private void parseLine(String line, Map<String, String> fields) {
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
