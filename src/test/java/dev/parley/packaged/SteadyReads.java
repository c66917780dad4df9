package dev.parley.packaged;

import dev.parley.local.ConnectionBalancer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Reads sessions all the time, as several dashboards do. Each reader keeps one connection as long
 * as the service allows. Real clients may retry a failed request, but these readers don't, so that
 * each failure is reported.
 */
final class SteadyReads implements AutoCloseable {

    private static final int READERS = 8;
    private static final long PAUSE_MS = 20;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger done = new AtomicInteger();
    private volatile boolean ended;
    private final ConnectionBalancer service;
    private final Supplier<String> path;

    /**
     * @param path returns the path of the next request
     */
    SteadyReads(ConnectionBalancer service, Supplier<String> path) {
        this.service = service;
        this.path = path;
        for (int i = 0; i < READERS; i++) {
            read(vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(1)));
        }
    }

    private void read(HttpClient client) {
        String next = path.get();
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(service.uri(next).toString());
        client.request(options)
                .compose(HttpClientRequest::send)
                .compose(response -> response.end().map(response.statusCode()))
                .onComplete(
                        status -> {
                            if (status.failed()) {
                                failures.add(next + ": " + status.cause());
                            } else if (status.result() != 200) {
                                failures.add(next + ": " + status.result());
                            }
                            done.incrementAndGet();
                            if (!ended) {
                                vertx.setTimer(PAUSE_MS, timer -> read(client));
                            }
                        });
    }

    int count() {
        return done.get();
    }

    /** Returns the failed requests so far. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        ended = true;
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
