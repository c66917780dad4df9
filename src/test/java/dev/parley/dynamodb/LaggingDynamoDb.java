package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.SessionTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * A DynamoDB whose replicas and indexes are behind, as the real one's may be and DynamoDB Local's
 * never are: a read that is not consistent finds each item, and each entry of an index, as it was
 * some writes ago, another number of them each time. Writes and consistent reads are true. Requests
 * that it doesn't know it refuses.
 */
final class LaggingDynamoDb implements DynamoDbAsyncClient {

    /**
     * How far behind replicas are.
     *
     * @param writes at most, to the whole table
     * @param monotonic whether an item never goes back behind what was read of it
     */
    record Lag(int writes, boolean monotonic) {
        static final Lag NONE = new Lag(0, true);
    }

    private final DynamoDbAsyncClient real;
    private final ItemHistory history;
    private final Lag lag;
    private final Random random;
    private final Supplier<CompletableFuture<?>> beforeReads;
    private final Map<String, Long> seen = new HashMap<>();

    /**
     * @param history of the writes; shared by those who write to the table and those who read
     * @param beforeReads what happens in the table before a read, consistent or not, is made
     */
    LaggingDynamoDb(
            DynamoDbAsyncClient real,
            ItemHistory history,
            Lag lag,
            Random random,
            Supplier<CompletableFuture<?>> beforeReads) {
        this.real = real;
        this.history = history;
        this.lag = lag;
        this.random = random;
        this.beforeReads = beforeReads;
    }

    /** One that is never behind, for those who write. */
    static LaggingDynamoDb current(DynamoDbAsyncClient real, ItemHistory history) {
        return new LaggingDynamoDb(
                real,
                history,
                Lag.NONE,
                new Random(0),
                () -> CompletableFuture.completedFuture(null));
    }

    @Override
    public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
        return beforeReads
                .get()
                .thenCompose(ready -> real.getItem(request))
                .thenApply(
                        found ->
                                Boolean.TRUE.equals(request.consistentRead())
                                        ? found
                                        : found.toBuilder().item(replica(request.key())).build());
    }

    @Override
    public CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
        return beforeReads
                .get()
                .thenCompose(ready -> real.batchGetItem(request))
                .thenApply(found -> found.toBuilder().responses(items(request, found)).build());
    }

    private Map<String, List<Map<String, AttributeValue>>> items(
            BatchGetItemRequest request, BatchGetItemResponse found) {
        Map<String, List<Map<String, AttributeValue>>> items = new HashMap<>();
        request.requestItems()
                .forEach(
                        (table, keys) ->
                                items.put(
                                        table,
                                        items(
                                                keys,
                                                found.responses().getOrDefault(table, List.of()))));
        return items;
    }

    private List<Map<String, AttributeValue>> items(
            KeysAndAttributes keys, List<Map<String, AttributeValue>> found) {
        if (Boolean.TRUE.equals(keys.consistentRead())) {
            return found;
        }
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        for (Map<String, AttributeValue> key : keys.keys()) {
            Map<String, AttributeValue> item = new HashMap<>(replica(key));
            if (keys.hasExpressionAttributeNames()) {
                item.keySet().retainAll(keys.expressionAttributeNames().values());
            }
            if (!item.isEmpty()) {
                items.add(item);
            }
        }
        return items;
    }

    @Override
    public CompletableFuture<QueryResponse> query(QueryRequest request) {
        return beforeReads
                .get()
                .thenCompose(ready -> real.query(request))
                .thenApply(
                        found -> {
                            List<Map<String, AttributeValue>> replicas = new ArrayList<>();
                            for (String key : history.keys()) {
                                replicas.add(replica(DynamoDb.key(key)));
                            }
                            return LaggingIndex.answer(request, replicas, found);
                        });
    }

    /** The item as some replica has it. */
    private synchronized Map<String, AttributeValue> replica(Map<String, AttributeValue> key) {
        String name = Attributes.text(key, SessionTable.SESSION_ID).orElseThrow();
        long now = history.writes();
        long behind = random.nextInt(lag.writes() + 1);
        long write = Math.max(0, now - behind);
        if (lag.monotonic()) {
            write = Math.max(write, seen.getOrDefault(name, 0L));
            seen.put(name, write);
        }
        return history.itemAt(name, write);
    }

    @Override
    public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
        return history.write(List.of(request.key()), () -> real.updateItem(request));
    }

    @Override
    public CompletableFuture<DeleteItemResponse> deleteItem(DeleteItemRequest request) {
        return history.write(List.of(request.key()), () -> real.deleteItem(request));
    }

    @Override
    public CompletableFuture<TransactWriteItemsResponse> transactWriteItems(
            TransactWriteItemsRequest request) {
        return history.write(
                request.transactItems().stream().map(LaggingDynamoDb::key).toList(),
                () -> real.transactWriteItems(request));
    }

    private static Map<String, AttributeValue> key(TransactWriteItem write) {
        if (write.update() != null) {
            return write.update().key();
        }
        if (write.delete() != null) {
            return write.delete().key();
        }
        throw new UnsupportedOperationException(write.toString());
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** The real client is the table's. */
    @Override
    public void close() {}
}
