package dev.parley.dynamodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementErrorCodeEnum;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * A client whose batches fail at random, as those of DynamoDB may and those of DynamoDB Local never
 * do: the request or its answer is lost, it is made twice by a retry of the SDK, statements fail
 * with any error code, and keys are left unprocessed. All other requests are sent as they are.
 */
public final class FlakyBatches {

    /** Error codes of statements that may or may not have had an effect. */
    private static final List<BatchStatementErrorCodeEnum> CODES =
            List.of(
                    BatchStatementErrorCodeEnum.ITEM_COLLECTION_SIZE_LIMIT_EXCEEDED,
                    BatchStatementErrorCodeEnum.REQUEST_LIMIT_EXCEEDED,
                    BatchStatementErrorCodeEnum.VALIDATION_ERROR,
                    BatchStatementErrorCodeEnum.PROVISIONED_THROUGHPUT_EXCEEDED,
                    BatchStatementErrorCodeEnum.TRANSACTION_CONFLICT,
                    BatchStatementErrorCodeEnum.THROTTLING_ERROR,
                    BatchStatementErrorCodeEnum.INTERNAL_SERVER_ERROR,
                    BatchStatementErrorCodeEnum.RESOURCE_NOT_FOUND,
                    BatchStatementErrorCodeEnum.DUPLICATE_ITEM,
                    BatchStatementErrorCodeEnum.UNKNOWN_TO_SDK_VERSION);

    private final DynamoDbAsyncClient real;
    private final Random random;
    private final double probability;
    private final AtomicInteger statements = new AtomicInteger();

    private FlakyBatches(DynamoDbAsyncClient real, Random random, double probability) {
        this.real = real;
        this.random = random;
        this.probability = probability;
    }

    static FlakyBatches of(DynamoDbAsyncClient real, Random random, double probability) {
        return new FlakyBatches(real, random, probability);
    }

    /** Returns how many statements were sent in batches. */
    int statements() {
        return statements.get();
    }

    DynamoDbAsyncClient client() {
        return FailingRequests.answering(
                real,
                Map.of(
                        "batchExecuteStatement",
                        request -> write((BatchExecuteStatementRequest) request),
                        "batchGetItem",
                        request -> read((BatchGetItemRequest) request)));
    }

    private boolean unlucky() {
        return nextDouble() < probability;
    }

    private double nextDouble() {
        synchronized (random) {
            return random.nextDouble();
        }
    }

    private BatchStatementErrorCodeEnum nextCode() {
        synchronized (random) {
            return CODES.get(random.nextInt(CODES.size()));
        }
    }

    private CompletableFuture<BatchExecuteStatementResponse> write(
            BatchExecuteStatementRequest request) {
        statements.addAndGet(request.statements().size());
        if (unlucky()) {
            return lost();
        }
        if (unlucky()) {
            return real.batchExecuteStatement(request).thenCompose(done -> lost());
        }
        if (unlucky()) {
            return real.batchExecuteStatement(request)
                    .thenCompose(done -> real.batchExecuteStatement(request));
        }
        return inPart(request);
    }

    private static <T> CompletableFuture<T> lost() {
        return CompletableFuture.failedFuture(SdkClientException.create("the answer is lost"));
    }

    /** Executes the statements; some fail before it, and the response of some is an error. */
    private CompletableFuture<BatchExecuteStatementResponse> inPart(
            BatchExecuteStatementRequest request) {
        List<BatchStatementRequest> executed = new ArrayList<>();
        Map<Integer, BatchStatementResponse> errors = new HashMap<>();
        for (int i = 0; i < request.statements().size(); i++) {
            boolean fails = unlucky();
            BatchStatementErrorCodeEnum code = nextCode();
            if (fails) {
                errors.put(i, error(code));
            }
            boolean mayHaveHappened = code == BatchStatementErrorCodeEnum.INTERNAL_SERVER_ERROR;
            if (!fails || (mayHaveHappened && nextDouble() < 0.5)) {
                executed.add(request.statements().get(i));
            } else {
                executed.add(null);
            }
        }
        List<BatchStatementRequest> sent = executed.stream().filter(each -> each != null).toList();
        if (sent.isEmpty()) {
            return CompletableFuture.completedFuture(response(executed, errors, List.of()));
        }
        return real.batchExecuteStatement(request.toBuilder().statements(sent).build())
                .thenApply(done -> response(executed, errors, done.responses()));
    }

    private static BatchExecuteStatementResponse response(
            List<BatchStatementRequest> executed,
            Map<Integer, BatchStatementResponse> errors,
            List<BatchStatementResponse> outcomes) {
        List<BatchStatementResponse> all = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < executed.size(); i++) {
            BatchStatementResponse outcome = executed.get(i) == null ? null : outcomes.get(next++);
            all.add(errors.getOrDefault(i, outcome));
        }
        return BatchExecuteStatementResponse.builder().responses(all).build();
    }

    private static BatchStatementResponse error(BatchStatementErrorCodeEnum code) {
        return BatchStatementResponse.builder()
                .error(
                        e ->
                                e.code(
                                        code == BatchStatementErrorCodeEnum.UNKNOWN_TO_SDK_VERSION
                                                ? "SomethingNew"
                                                : code.toString()))
                .build();
    }

    private CompletableFuture<BatchGetItemResponse> read(BatchGetItemRequest request) {
        if (unlucky()) {
            return lost();
        }
        Map.Entry<String, KeysAndAttributes> asked =
                request.requestItems().entrySet().iterator().next();
        List<Map<String, AttributeValue>> answered = new ArrayList<>();
        List<Map<String, AttributeValue>> left = new ArrayList<>();
        asked.getValue().keys().forEach(key -> (unlucky() ? left : answered).add(key));
        if (left.isEmpty() || answered.isEmpty()) {
            return real.batchGetItem(request);
        }
        return real.batchGetItem(
                        request.toBuilder()
                                .requestItems(
                                        Map.of(asked.getKey(), with(asked.getValue(), answered)))
                                .build())
                .thenApply(
                        response ->
                                response.toBuilder()
                                        .unprocessedKeys(
                                                Map.of(
                                                        asked.getKey(),
                                                        with(asked.getValue(), left)))
                                        .build());
    }

    private static KeysAndAttributes with(
            KeysAndAttributes asked, List<Map<String, AttributeValue>> keys) {
        return asked.toBuilder().keys(keys).build();
    }
}
