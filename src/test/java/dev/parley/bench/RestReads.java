package dev.parley.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpResponseExpectation;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code GET /sessions/{id}}, over connections that are kept. */
final class RestReads implements RepeatedReads.Reader<Buffer> {

    private final HttpClient client;
    private final List<String> paths;

    private RestReads(URI service, int connections) {
        client =
                Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1))
                        .createHttpClient(
                                new HttpClientOptions()
                                        .setDefaultHost(service.getHost())
                                        .setDefaultPort(service.getPort()),
                                new PoolOptions().setHttp1MaxSize(connections));
        paths = SessionsToRead.ids().stream().map(id -> "/sessions/" + id).toList();
    }

    /** Arguments: where the service is, reads at a time. */
    public static void main(String[] arguments) {
        LoadProcess.run(
                () -> {
                    int inFlight = Integer.parseInt(arguments[1]);
                    RestReads rest = new RestReads(URI.create(arguments[0]), inFlight);
                    return new RepeatedReads<>(rest, inFlight, rest.paths.size());
                });
    }

    @Override
    public CompletionStage<Buffer> read(int session) {
        return client.request(HttpMethod.GET, paths.get(session))
                .compose(HttpClientRequest::send)
                .expecting(HttpResponseExpectation.SC_OK)
                .compose(response -> response.body())
                .toCompletionStage();
    }

    @Override
    public int bytes(Buffer body) {
        return body.length();
    }

    @Override
    public int turns(Buffer body) {
        return body.toJsonObject().getJsonArray("turns").size();
    }
}
