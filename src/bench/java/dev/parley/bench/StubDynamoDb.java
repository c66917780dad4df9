package dev.parley.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * A stub of DynamoDB that stores nothing and answers at once: a read finds no item, and every write
 * succeeds. So the rate of a client is limited only by the client itself.
 */
final class StubDynamoDb implements AutoCloseable {

    private static final String CAPACITY =
            "\"ConsumedCapacity\":{\"CapacityUnits\":1.0,\"TableName\":\"t\"}";

    private static final Map<String, Answer> ANSWERS =
            Map.of(
                    "GetItem", Answer.of("{" + CAPACITY + "}"),
                    "UpdateItem", Answer.of("{" + CAPACITY + "}"),
                    "TransactWriteItems", Answer.of("{\"ConsumedCapacity\":[]}"),
                    "BatchGetItem", Answer.of("{\"Responses\":{},\"UnprocessedKeys\":{}}"));

    private static final Answer UNKNOWN = Answer.of("{}");

    /** The key of each statement in the request of a batch. */
    private static final String STATEMENT = "\"Statement\":";

    /** The answers to batches, by the number of their statements. */
    private static final List<Answer> BATCHES =
            IntStream.rangeClosed(0, 25)
                    .mapToObj(
                            statements ->
                                    Answer.of(
                                            "{\"Responses\":[%s],\"ConsumedCapacity\":[]}"
                                                    .formatted(
                                                            String.join(
                                                                    ",",
                                                                    Collections.nCopies(
                                                                            statements,
                                                                            "{\"TableName\":\"t\"}")))))
                    .toList();

    private record Answer(Buffer body, String checksum) {
        static Answer of(String json) {
            CRC32 checksum = new CRC32();
            checksum.update(json.getBytes(UTF_8));
            return new Answer(Buffer.buffer(json), "" + checksum.getValue());
        }
    }

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpServer server =
            vertx.createHttpServer()
                    .requestHandler(StubDynamoDb::serve)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();

    String endpoint() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** Returns the configuration of a service that uses this stub, which has no table to verify. */
    Map<String, String> settings() {
        return Map.of("parley.table.mode", "off", "quarkus.dynamodb.endpoint-override", endpoint());
    }

    private static void serve(HttpServerRequest request) {
        request.bodyHandler(body -> answer(request, body));
    }

    private static void answer(HttpServerRequest request, Buffer body) {
        String target = request.getHeader("X-Amz-Target");
        String operation = target == null ? "" : target.substring(target.indexOf('.') + 1);
        Answer answer =
                operation.equals("BatchExecuteStatement")
                        ? BATCHES.get(statements(body.toString()))
                        : ANSWERS.getOrDefault(operation, UNKNOWN);
        request.response()
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .putHeader("x-amz-crc32", answer.checksum())
                .end(answer.body());
    }

    private static int statements(String body) {
        int statements = 0;
        for (int at = body.indexOf(STATEMENT); at >= 0; at = body.indexOf(STATEMENT, at + 1)) {
            statements++;
        }
        return statements;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
