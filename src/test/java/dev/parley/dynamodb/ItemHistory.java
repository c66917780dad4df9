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
 * What the items of a table have been, write by write: all writes go through here, one after the
 * other, and what each of them made of its items is read, consistently, before the next begins.
 */
final class ItemHistory {

    private final DynamoDbAsyncClient client;
    private final String table;

    /** The states of each item, by the number of the write that made them. */
    private final Map<String, TreeMap<Long, Map<String, AttributeValue>>> states =
            new ConcurrentHashMap<>();

    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    private long writes;

    ItemHistory(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    /** How many writes there have been. */
    synchronized long writes() {
        return writes;
    }

    /** The item as it was after so many writes; empty if it was not there. */
    synchronized Map<String, AttributeValue> itemAt(String key, long write) {
        TreeMap<Long, Map<String, AttributeValue>> known = states.get(key);
        var entry = known == null ? null : known.floorEntry(write);
        return entry == null ? Map.of() : entry.getValue();
    }

    /** The write that made the item what it was after so many writes; 0 if there was none. */
    synchronized long lastWriteTo(String key, long write) {
        TreeMap<Long, Map<String, AttributeValue>> known = states.get(key);
        Long made = known == null ? null : known.floorKey(write);
        return made == null ? 0 : made;
    }

    /** Keys of all items that there ever were. */
    synchronized List<String> keys() {
        return states.keySet().stream().sorted().toList();
    }

    /**
     * Does the request when it is its turn, and gives its result when it is part of the history.
     */
    synchronized <R> CompletableFuture<R> write(
            Collection<Map<String, AttributeValue>> keys, Supplier<CompletableFuture<R>> request) {
        CompletableFuture<R> result =
                last.handle((before, failure) -> before).thenCompose(before -> request.get());
        CompletableFuture<Void> recorded =
                result.handle((done, failure) -> done).thenCompose(done -> record(keys));
        last = recorded;
        return recorded.thenCompose(done -> result);
    }

    private CompletableFuture<Void> record(Collection<Map<String, AttributeValue>> keys) {
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

    /** Completes when all writes so far are part of the history. */
    synchronized CompletionStage<?> settled() {
        return last;
    }
}
