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
 * Simulates a DynamoDB whose replicas and indexes lag behind. Those of the real DynamoDB may do so,
 * those of DynamoDB Local never do. An eventually consistent read returns each item, and each entry
 * of an index, as it was some writes ago, and this number of writes changes with each read. Writes
 * and consistent reads are exact. Requests that this class doesn't implement fail.
 */
final class LaggingDynamoDb implements DynamoDbAsyncClient {

    /**
     * How far replicas lag behind.
     *
     * @param writes the greatest lag, in writes to the whole table
     * @param monotonic whether a reader never gets an older state of an item than before
     */
    record Lag(int writes, boolean monotonic) {
        static final Lag NONE = new Lag(0, true);
    }

    private final DynamoDbAsyncClient real;
    private final ItemHistory history;
    private final Lag lag;
    private final Random random;
    private final Supplier<CompletableFuture<?>> beforeReads;
    private final Map<String, Long> lastSeen = new HashMap<>();

    /**
     * @param history the history of the writes, which the table's writers and readers share
     * @param beforeReads an action that runs before each read, consistent or not
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

    /** Creates a client that never lags behind, for writers. */
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

    /** Returns the item as a random replica has it. */
    private synchronized Map<String, AttributeValue> replica(Map<String, AttributeValue> key) {
        String name = Attributes.text(key, SessionTable.SESSION_ID).orElseThrow();
        long now = history.writes();
        long writesBehind = random.nextInt(lag.writes() + 1);
        long write = Math.max(0, now - writesBehind);
        if (lag.monotonic()) {
            write = Math.max(write, lastSeen.getOrDefault(name, 0L));
            lastSeen.put(name, write);
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

    /** Does nothing, because the table closes the real client. */
    @Override
    public void close() {}
}
