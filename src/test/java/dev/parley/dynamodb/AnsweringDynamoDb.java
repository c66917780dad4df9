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
 * DynamoDB Local, but for what it has not: tags, tables of another age, and indexes that are not
 * filled yet.
 */
public final class AnsweringDynamoDb {

    private static final int CLIENT_ERROR = 400;

    private final Deque<CompletableFuture<ListTagsOfResourceResponse>> tags = new ArrayDeque<>();
    private final AtomicInteger tagRequests = new AtomicInteger();
    private final Map<String, IndexStatus> indexes = new ConcurrentHashMap<>();
    private @Nullable Instant created;

    /** The table was created then. */
    public AnsweringDynamoDb created(Instant moment) {
        created = moment;
        return this;
    }

    /** The answer to one request for the tags; the last one is that to all further ones. */
    public AnsweringDynamoDb tags(List<Tag> answer) {
        tags.add(
                CompletableFuture.completedFuture(
                        ListTagsOfResourceResponse.builder().tags(answer).build()));
        return this;
    }

    public AnsweringDynamoDb tagFailure(String code) {
        tags.add(
                CompletableFuture.failedFuture(
                        DynamoDbException.builder()
                                .statusCode(CLIENT_ERROR)
                                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                                .build()));
        return this;
    }

    /** From now on that index is so. */
    public AnsweringDynamoDb index(String name, IndexStatus status) {
        indexes.put(name, status);
        return this;
    }

    public int tagRequests() {
        return tagRequests.get();
    }

    /** The caller closes it. */
    public DynamoDbAsyncClient client() {
        DynamoDbAsyncClient local = LocalDynamoDb.client();
        return (DynamoDbAsyncClient)
                Proxy.newProxyInstance(
                        AnsweringDynamoDb.class.getClassLoader(),
                        new Class<?>[] {DynamoDbAsyncClient.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("listTagsOfResource") && !tags.isEmpty()) {
                                tagRequests.incrementAndGet();
                                return tags.size() == 1 ? tags.getFirst() : tags.removeFirst();
                            }
                            try {
                                Object answer = method.invoke(local, arguments);
                                return method.getName().equals("describeTable")
                                        ? ((CompletableFuture<?>) answer).thenApply(this::edited)
                                        : answer;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private DescribeTableResponse edited(Object response) {
        TableDescription table = ((DescribeTableResponse) response).table();
        TableDescription.Builder edited =
                table.toBuilder()
                        .globalSecondaryIndexes(
                                table.globalSecondaryIndexes().stream()
                                        .map(
                                                index ->
                                                        index.toBuilder()
                                                                .indexStatus(
                                                                        indexes.getOrDefault(
                                                                                index.indexName(),
                                                                                index
                                                                                        .indexStatus()))
                                                                .build())
                                        .toList());
        if (created != null) {
            edited.creationDateTime(created);
        }
        return DescribeTableResponse.builder().table(edited.build()).build();
    }
}
