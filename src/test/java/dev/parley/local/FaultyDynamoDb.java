package dev.parley.local;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A proxy in front of DynamoDB Local that does what networks and a busy DynamoDB do, and DynamoDB
 * Local never does by itself: throttle, fail, hang up, answer too late, or carry out a request and
 * lose the answer. The engine behind it is real, so that what was stored can be looked at.
 */
public final class FaultyDynamoDb implements AutoCloseable {

    private static final int SEED = 42;
    private static final int CONNECTIONS = 64;

    /**
     * A request on its way to DynamoDB.
     *
     * @param operation as in {@code UpdateItem}
     * @param body the JSON that goes with it
     */
    public record Request(String operation, String body) {}

    private record Rule(Fault fault, Predicate<Request> meets) {}

    private static final Rule NO_FAULT = new Rule(Fault.ERROR, request -> false);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClient dynamoDb =
            vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(CONNECTIONS));
    private final Random random = new Random(SEED);
    private final Map<Fault, AtomicInteger> given = new ConcurrentHashMap<>();
    private final AtomicInteger held = new AtomicInteger();
    private final String behind;
    private final HttpServer server;
    private volatile Rule rule = NO_FAULT;

    /**
     * Listens on a free port of 127.0.0.1.
     *
     * @param behind the endpoint of the real one
     */
    public FaultyDynamoDb(String behind) {
        this.behind = behind;
        server =
                vertx.createHttpServer()
                        .requestHandler(this::serve)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** From now on gives that fault, and no other, to the requests that meet the condition. */
    public void give(Fault fault, Predicate<Request> meets) {
        rule = new Rule(fault, meets);
    }

    /** From now on lets everything pass; what is held back stays so until its time has come. */
    public void heal() {
        rule = NO_FAULT;
    }

    /** Requests of those operations. */
    public static Predicate<Request> to(String... operations) {
        Set<String> names = Set.of(operations);
        return request -> names.contains(request.operation());
    }

    /** That part of the requests, by a dice whose seed is always the same. */
    public Predicate<Request> share(double part) {
        return request -> random.nextDouble() < part;
    }

    /** The first so many of the requests that it is asked about. */
    public static Predicate<Request> first(int requests) {
        AtomicInteger left = new AtomicInteger(requests);
        return request -> left.getAndDecrement() > 0;
    }

    /** How many requests have met that fault, ever. */
    public int given(Fault fault) {
        AtomicInteger count = given.get(fault);
        return count == null ? 0 : count.get();
    }

    /** Requests that are being held back now. */
    public int held() {
        return held.get();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void serve(HttpServerRequest request) {
        request.body().onSuccess(body -> serve(request, body));
    }

    private void serve(HttpServerRequest request, Buffer body) {
        Rule now = rule;
        if (!now.meets().test(new Request(operation(request), body.toString()))) {
            forward(request, body).onSuccess(answer -> answer.to(request.response()));
            return;
        }
        given.computeIfAbsent(now.fault(), fault -> new AtomicInteger()).incrementAndGet();
        switch (now.fault()) {
            case HUNG_UP -> request.connection().close();
            case ANSWER_LOST ->
                    forward(request, body).onSuccess(answer -> request.connection().close());
            case HELD -> hold(request, body);
            case THROTTLED, RATE_LIMITED, ERROR, UNAVAILABLE, INVALID ->
                    fail(request.response(), now.fault());
        }
    }

    private static String operation(HttpServerRequest request) {
        String target = request.getHeader("X-Amz-Target");
        return target == null ? "" : target.substring(target.indexOf('.') + 1);
    }

    private void hold(HttpServerRequest request, Buffer body) {
        held.incrementAndGet();
        vertx.setTimer(
                Fault.HELD_FOR.toMillis(),
                timer ->
                        forward(request, body)
                                .onComplete(done -> held.decrementAndGet())
                                .onSuccess(answer -> answer.to(request.response())));
    }

    private static void fail(HttpServerResponse response, Fault fault) {
        response.setStatusCode(fault.status())
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .end("{\"__type\":\"%s\",\"message\":\"injected\"}".formatted(fault.type()));
    }

    private record Answer(HttpClientResponse head, Buffer body) {
        /** Does nothing if nobody waits for it any more. */
        void to(HttpServerResponse response) {
            if (!response.closed()) {
                response.setStatusCode(head.statusCode());
                response.headers().setAll(head.headers()).remove("Transfer-Encoding");
                response.end(body);
            }
        }
    }

    /** If DynamoDB Local itself fails, the one who asked sees the connection end. */
    private Future<Answer> forward(HttpServerRequest request, Buffer body) {
        return dynamoDb.request(
                        new RequestOptions()
                                .setAbsoluteURI(behind + request.uri())
                                .setMethod(request.method())
                                .setHeaders(request.headers()))
                .compose(onward -> onward.send(body))
                .compose(head -> head.body().map(answer -> new Answer(head, answer)))
                .onFailure(failure -> request.connection().close());
    }
}
