package dev.parley.dynamodb;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.SessionTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Records the states of a table's items after each write. All writes pass through this class one
 * after the other. Before the next write begins, a consistent read gets the items that the write
 * has changed.
 */
final class ItemHistory {

    private final DynamoDbAsyncClient client;
    private final String table;

    /** The states of each item, by the number of the write that created the state. */
    private final Map<String, TreeMap<Long, Map<String, AttributeValue>>> states =
            new ConcurrentHashMap<>();

    private CompletableFuture<?> lastWrite = CompletableFuture.completedFuture(null);
    private long writes;

    ItemHistory(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    /** Returns the number of writes so far. */
    synchronized long writes() {
        return writes;
    }

    /** Returns the item as it was after this number of writes; empty if it didn't exist. */
    synchronized Map<String, AttributeValue> itemAt(String key, long write) {
        TreeMap<Long, Map<String, AttributeValue>> itemStates = states.get(key);
        var entry = itemStates == null ? null : itemStates.floorEntry(write);
        return entry == null ? Map.of() : entry.getValue();
    }

    /** Returns the last write to the item among this number of writes; 0 if there was none. */
    synchronized long lastWriteTo(String key, long write) {
        TreeMap<Long, Map<String, AttributeValue>> itemStates = states.get(key);
        Long last = itemStates == null ? null : itemStates.floorKey(write);
        return last == null ? 0 : last;
    }

    /** Returns the keys of all items that were ever written. */
    synchronized List<String> keys() {
        return states.keySet().stream().sorted().toList();
    }

    /**
     * Sends the request after all earlier writes. Completes with its result when the history
     * contains the write.
     */
    synchronized <R> CompletableFuture<R> write(
            Collection<Map<String, AttributeValue>> keys, Supplier<CompletableFuture<R>> request) {
        CompletableFuture<R> result =
                lastWrite.handle((before, failure) -> before).thenCompose(before -> request.get());
        CompletableFuture<Void> recorded =
                result.handle((done, failure) -> done).thenCompose(done -> recordItems(keys));
        lastWrite = recorded;
        return recorded.thenCompose(done -> result);
    }

    private CompletableFuture<Void> recordItems(Collection<Map<String, AttributeValue>> keys) {
        List<CompletableFuture<Map<String, AttributeValue>>> items = new ArrayList<>();
        for (Map<String, AttributeValue> key : keys) {
            items.add(
                    client.getItem(r -> r.tableName(table).key(key).consistentRead(true))
                            .thenApply(found -> found.item()));
        }
        return CompletableFuture.allOf(items.toArray(CompletableFuture[]::new))
                .thenRun(() -> add(keys, items.stream().map(CompletableFuture::join).toList()));
    }

    private synchronized void add(
            Collection<Map<String, AttributeValue>> keys, List<Map<String, AttributeValue>> items) {
        writes++;
        int i = 0;
        for (Map<String, AttributeValue> key : keys) {
            String name = Attributes.text(key, SessionTable.SESSION_ID).orElseThrow();
            states.computeIfAbsent(name, each -> new TreeMap<>()).put(writes, items.get(i++));
        }
    }

    /** Completes when the history contains all writes so far. */
    synchronized CompletionStage<?> allRecorded() {
        return lastWrite;
    }
}
