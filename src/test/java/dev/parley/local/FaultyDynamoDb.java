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
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A proxy in front of DynamoDB Local that injects the faults of networks and of a busy DynamoDB,
 * which DynamoDB Local never has: it throttles, fails, closes the connection, responds too late, or
 * executes a request and loses the response. Requests are executed by the real DynamoDB Local, so
 * that tests can read what was stored.
 */
public final class FaultyDynamoDb implements AutoCloseable {

    /** The operation whose statements succeed and fail independently of each other. */
    private static final String STATEMENTS = "BatchExecuteStatement";

    private static final int SEED = 42;
    private static final int CONNECTIONS = 64;

    /**
     * A request on its way to DynamoDB, or one statement of a batch.
     *
     * @param operation such as {@code UpdateItem}
     * @param body the JSON of the request or of the statement
     */
    public record Request(String operation, String body) {}

    private record Rule(Fault fault, Predicate<Request> condition) {}

    private static final Rule NO_FAULT = new Rule(Fault.ERROR, request -> false);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClient dynamoDb =
            vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(CONNECTIONS));
    private final Random random = new Random(SEED);
    private final Map<Fault, AtomicInteger> injected = new ConcurrentHashMap<>();
    private final AtomicInteger delayed = new AtomicInteger();
    private final String targetEndpoint;
    private final HttpServer server;
    private volatile Rule rule = NO_FAULT;

    /**
     * Listens on a free port of 127.0.0.1.
     *
     * @param targetEndpoint the endpoint of DynamoDB Local
     */
    public FaultyDynamoDb(String targetEndpoint) {
        this.targetEndpoint = targetEndpoint;
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

    /** From now on injects that fault, and no other, into the requests that meet the condition. */
    public void inject(Fault fault, Predicate<Request> condition) {
        rule = new Rule(fault, condition);
    }

    /** From now on injects no fault. Requests that are already delayed stay so until their time. */
    public void stopFaults() {
        rule = NO_FAULT;
    }

    /** Matches the requests of those operations. */
    public static Predicate<Request> isOperation(String... operations) {
        Set<String> names = Set.of(operations);
        return request -> names.contains(request.operation());
    }

    /** Matches the conditional writes of one item, alone or in a batch. */
    public static Predicate<Request> isUpdate() {
        return isOperation("UpdateItem", STATEMENTS);
    }

    /** Matches that share of the requests, at random with a fixed seed. */
    public Predicate<Request> randomShare(double share) {
        return request -> random.nextDouble() < share;
    }

    /** Matches the first requests that are tested, up to that number. */
    public static Predicate<Request> first(int requests) {
        AtomicInteger remaining = new AtomicInteger(requests);
        return request -> remaining.getAndDecrement() > 0;
    }

    /** Returns how many requests had that fault since the start. */
    public int injectedCount(Fault fault) {
        AtomicInteger count = injected.get(fault);
        return count == null ? 0 : count.get();
    }

    /** Returns how many requests are delayed now. */
    public int delayedCount() {
        return delayed.get();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void serve(HttpServerRequest request) {
        request.body().onSuccess(body -> serve(request, body));
    }

    private void serve(HttpServerRequest request, Buffer body) {
        Rule current = rule;
        if (operation(request).equals(STATEMENTS) && current.fault().statementCode() != null) {
            serveStatements(request, new JsonObject(body), current);
            return;
        }
        if (!current.condition().test(new Request(operation(request), body.toString()))) {
            forward(request, body).onSuccess(answer -> answer.writeTo(request.response()));
            return;
        }
        injected.computeIfAbsent(current.fault(), fault -> new AtomicInteger()).incrementAndGet();
        switch (current.fault()) {
            case CONNECTION_CLOSED -> request.connection().close();
            case RESPONSE_LOST ->
                    forward(request, body).onSuccess(answer -> request.connection().close());
            case DELAYED -> delay(request, body);
            case THROTTLED, RATE_LIMITED, ERROR, UNAVAILABLE, INVALID ->
                    fail(request.response(), current.fault());
        }
    }

    /**
     * Injects the fault into the statements of a batch that meet the condition. They are not
     * executed; all others are.
     */
    private void serveStatements(HttpServerRequest request, JsonObject body, Rule current) {
        JsonArray executed = new JsonArray();
        List<Integer> failing = new ArrayList<>();
        JsonArray statements = body.getJsonArray("Statements");
        for (int i = 0; i < statements.size(); i++) {
            JsonObject statement = statements.getJsonObject(i);
            if (current.condition().test(new Request(STATEMENTS, statement.encode()))) {
                failing.add(i);
            } else {
                executed.add(statement);
            }
        }
        injected.computeIfAbsent(current.fault(), fault -> new AtomicInteger())
                .addAndGet(failing.size());
        if (executed.isEmpty()) {
            answerStatements(request.response(), new JsonArray(), failing, current.fault());
            return;
        }
        forward(request, body.copy().put("Statements", executed).toBuffer())
                .onSuccess(
                        answer -> {
                            JsonArray responses =
                                    new JsonObject(answer.body()).getJsonArray("Responses");
                            if (responses == null) {
                                answer.writeTo(request.response());
                            } else {
                                answerStatements(
                                        request.response(), responses, failing, current.fault());
                            }
                        });
    }

    private static void answerStatements(
            HttpServerResponse response, JsonArray responses, List<Integer> failing, Fault fault) {
        List<Object> all = new ArrayList<>();
        responses.forEach(all::add);
        JsonObject error =
                new JsonObject()
                        .put(
                                "Error",
                                new JsonObject()
                                        .put("Code", fault.statementCode())
                                        .put("Message", "injected"));
        failing.forEach(i -> all.add(i, error));
        if (!response.closed()) {
            response.putHeader("Content-Type", "application/x-amz-json-1.0")
                    .end(new JsonObject().put("Responses", new JsonArray(all)).encode());
        }
    }

    private static String operation(HttpServerRequest request) {
        String target = request.getHeader("X-Amz-Target");
        return target == null ? "" : target.substring(target.indexOf('.') + 1);
    }

    private void delay(HttpServerRequest request, Buffer body) {
        delayed.incrementAndGet();
        vertx.setTimer(
                Fault.DELAY.toMillis(),
                timer ->
                        forward(request, body)
                                .onComplete(done -> delayed.decrementAndGet())
                                .onSuccess(answer -> answer.writeTo(request.response())));
    }

    private static void fail(HttpServerResponse response, Fault fault) {
        response.setStatusCode(fault.status())
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .end("{\"__type\":\"%s\",\"message\":\"injected\"}".formatted(fault.type()));
    }

    private record Answer(HttpClientResponse head, Buffer body) {
        /** Writes this response, unless the client has closed the connection. */
        void writeTo(HttpServerResponse response) {
            if (!response.closed()) {
                response.setStatusCode(head.statusCode());
                response.headers().setAll(head.headers()).remove("Transfer-Encoding");
                response.end(body);
            }
        }
    }

    /** Forwards the request. If DynamoDB Local itself fails, the connection to the client ends. */
    private Future<Answer> forward(HttpServerRequest request, Buffer body) {
        return dynamoDb.request(
                        new RequestOptions()
                                .setAbsoluteURI(targetEndpoint + request.uri())
                                .setMethod(request.method())
                                .setHeaders(request.headers()))
                .compose(forwarded -> forwarded.send(body))
                .compose(head -> head.body().map(answer -> new Answer(head, answer)))
                .onFailure(failure -> request.connection().close());
    }
}
