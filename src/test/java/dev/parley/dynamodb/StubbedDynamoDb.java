package dev.parley.dynamodb;

import dev.parley.local.LocalDynamoDb;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.ListTagsOfResourceResponse;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/**
 * A client of DynamoDB Local that gives fixed answers where DynamoDB Local has no such state: tags,
 * tables of a chosen age, and indexes that are not filled yet.
 */
public final class StubbedDynamoDb {

    private static final int CLIENT_ERROR = 400;

    private final Deque<CompletableFuture<ListTagsOfResourceResponse>> tagAnswers =
            new ArrayDeque<>();
    private final AtomicInteger tagRequests = new AtomicInteger();
    private final Map<String, IndexStatus> indexStatuses = new ConcurrentHashMap<>();
    private @Nullable Instant creationTime;

    /** Sets the time at which the table was created. */
    public StubbedDynamoDb createdAt(Instant time) {
        creationTime = time;
        return this;
    }

    /**
     * Adds the answer to one request for the tags. The last answer is used for all further
     * requests.
     */
    public StubbedDynamoDb tags(List<Tag> answer) {
        tagAnswers.add(
                CompletableFuture.completedFuture(
                        ListTagsOfResourceResponse.builder().tags(answer).build()));
        return this;
    }

    /** Adds a failure with this error code as the answer to one request for the tags. */
    public StubbedDynamoDb tagFailure(String code) {
        tagAnswers.add(
                CompletableFuture.failedFuture(
                        DynamoDbException.builder()
                                .statusCode(CLIENT_ERROR)
                                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                                .build()));
        return this;
    }

    /** Sets the status that the index has from now on. */
    public StubbedDynamoDb indexStatus(String name, IndexStatus status) {
        indexStatuses.put(name, status);
        return this;
    }

    public int tagRequests() {
        return tagRequests.get();
    }

    /** Creates a client. The caller must close it. */
    public DynamoDbAsyncClient client() {
        DynamoDbAsyncClient local = LocalDynamoDb.client();
        return (DynamoDbAsyncClient)
                Proxy.newProxyInstance(
                        StubbedDynamoDb.class.getClassLoader(),
                        new Class<?>[] {DynamoDbAsyncClient.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("listTagsOfResource")
                                    && !tagAnswers.isEmpty()) {
                                tagRequests.incrementAndGet();
                                return tagAnswers.size() == 1
                                        ? tagAnswers.getFirst()
                                        : tagAnswers.removeFirst();
                            }
                            try {
                                Object answer = method.invoke(local, arguments);
                                return method.getName().equals("describeTable")
                                        ? ((CompletableFuture<?>) answer)
                                                .thenApply(this::withFixedState)
                                        : answer;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private DescribeTableResponse withFixedState(Object response) {
        TableDescription table = ((DescribeTableResponse) response).table();
        TableDescription.Builder edited =
                table.toBuilder()
                        .globalSecondaryIndexes(
                                table.globalSecondaryIndexes().stream()
                                        .map(
                                                index ->
                                                        index.toBuilder()
                                                                .indexStatus(
                                                                        indexStatuses.getOrDefault(
                                                                                index.indexName(),
                                                                                index
                                                                                        .indexStatus()))
                                                                .build())
                                        .toList());
        if (creationTime != null) {
            edited.creationDateTime(creationTime);
        }
        return DescribeTableResponse.builder().table(edited.build()).build();
    }
}
