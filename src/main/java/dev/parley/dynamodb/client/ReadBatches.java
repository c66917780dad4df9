package dev.parley.dynamodb.client;

import static software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity.TOTAL;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.session.SessionStoreException;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Reads single items. Reads that are requested at the same time share a BatchGetItem; a read alone
 * is a GetItem. Callers that want the same item share its read.
 *
 * <p>If DynamoDB leaves keys unprocessed, only their callers wait. If it calls the request invalid,
 * each item is read by itself, so that one invalid key fails only its own caller.
 */
final class ReadBatches {

    /**
     * The maximum number of keys in a request. DynamoDB accepts 100 (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">BatchGetItem</a>).
     * With 50, a key costs nearly the least CPU time, and a response with large items remains below
     * DynamoDB's limit of 16 MB.
     */
    private static final int MAX_KEYS = 50;

    /** The number of reads that may wait. Further reads fail at once. */
    private static final int MAX_WAITING = 10_000;

    private final DynamoDbAsyncClient client;
    private final String table;
    private final Requests requests;
    private final boolean consistent;
    private final Function<KeysAndAttributes, Uni<Map<String, Map<String, AttributeValue>>>>
            unprocessed;
    private final Gatherer<Caller<String, Map<String, AttributeValue>>, Batch> gatherer;

    /**
     * @param consistent whether all these reads are strongly consistent
     * @param inFlight the number of requests in flight before further reads are gathered
     * @param unprocessed reads the keys that a response leaves unprocessed
     */
    ReadBatches(
            DynamoDbAsyncClient client,
            String table,
            Requests requests,
            boolean consistent,
            int inFlight,
            Function<KeysAndAttributes, Uni<Map<String, Map<String, AttributeValue>>>>
                    unprocessed) {
        this.client = client;
        this.table = table;
        this.requests = requests;
        this.consistent = consistent;
        this.unprocessed = unprocessed;
        this.gatherer = new Gatherer<>(() -> inFlight, ReadBatches::next, this::send);
    }

    /** Reads the item with the given key. The result is empty if there is no such item. */
    Uni<Map<String, AttributeValue>> get(String key) {
        return Caller.waiting(key, key.length(), requests, this::add);
    }

    private void add(Caller<String, Map<String, AttributeValue>> caller) {
        if (gatherer.waiting() >= MAX_WAITING) {
            caller.fail(new SessionStoreException.Unavailable("too many reads at the same time"));
        } else {
            gatherer.add(caller);
        }
    }

    private static Batch next(Deque<Caller<String, Map<String, AttributeValue>>> waiting) {
        Batch batch = new Batch(new ArrayList<>(), new HashSet<>());
        while (!waiting.isEmpty() && batch.keys().size() < MAX_KEYS) {
            Caller<String, Map<String, AttributeValue>> caller = waiting.removeFirst();
            if (!caller.hasLeft()) {
                batch.callers().add(caller);
                batch.keys().add(caller.request());
            }
        }
        return batch;
    }

    /** The callers of one request, and their keys. */
    private record Batch(
            List<Caller<String, Map<String, AttributeValue>>> callers, Set<String> keys) {

        Batch of(Set<String> some) {
            return new Batch(
                    callers.stream().filter(caller -> some.contains(caller.request())).toList(),
                    some);
        }

        void complete(Map<String, Map<String, AttributeValue>> found) {
            callers.forEach(
                    caller -> caller.complete(found.getOrDefault(caller.request(), Map.of())));
        }

        void fail(Throwable failure) {
            callers.forEach(caller -> caller.fail(failure));
        }
    }

    private Uni<Void> send(Batch batch) {
        return switch (batch.keys().size()) {
            case 0 -> Uni.createFrom().voidItem(); // all of them have left
            case 1 -> sendAlone(batch);
            default -> sendTogether(batch);
        };
    }

    private Uni<Void> sendAlone(Batch batch) {
        String key = batch.keys().iterator().next();
        return requests.shared(
                        Operation.GET_ITEM,
                        batch.callers(),
                        1,
                        () -> client.getItem(getItem(key)),
                        response -> RequestMetrics.units(response.consumedCapacity()))
                .invoke(response -> batch.complete(Map.of(key, response.item())))
                .onFailure()
                .invoke(failure -> batch.fail(DynamoDbFailures.translated(failure)))
                .replaceWithVoid();
    }

    private GetItemRequest getItem(String key) {
        return GetItemRequest.builder()
                .tableName(table)
                .key(DynamoDb.key(key))
                .consistentRead(consistent)
                .returnConsumedCapacity(TOTAL)
                .build();
    }

    private Uni<Void> sendTogether(Batch batch) {
        return requests.shared(
                        Operation.BATCH_GET_ITEM,
                        batch.callers(),
                        batch.keys().size(),
                        () -> client.batchGetItem(batchGetItem(batch.keys())),
                        response -> RequestMetrics.units(response.consumedCapacity()))
                .invoke(response -> answer(batch, response))
                .onFailure()
                .invoke(failure -> failed(batch, DynamoDbFailures.translated(failure)))
                .replaceWithVoid();
    }

    private BatchGetItemRequest batchGetItem(Set<String> keys) {
        return BatchGetItemRequest.builder()
                .requestItems(Map.of(table, all(keys)))
                .returnConsumedCapacity(TOTAL)
                .build();
    }

    private KeysAndAttributes all(Set<String> keys) {
        return KeysAndAttributes.builder()
                .keys(keys.stream().map(DynamoDb::key).toList())
                .consistentRead(consistent)
                .build();
    }

    private void answer(Batch batch, BatchGetItemResponse response) {
        Set<String> answered = new HashSet<>(batch.keys());
        Set<String> left = new HashSet<>();
        response.unprocessedKeys()
                .values()
                .forEach(keys -> keys.keys().forEach(key -> left.add(sessionId(key))));
        answered.removeAll(left);
        Map<String, Map<String, AttributeValue>> found = new HashMap<>();
        response.responses()
                .getOrDefault(table, List.of())
                .forEach(item -> found.put(sessionId(item), item));
        batch.of(answered).complete(found);
        if (!left.isEmpty()) {
            Batch rest = batch.of(left);
            unprocessed.apply(all(left)).subscribe().with(rest::complete, rest::fail);
        }
    }

    private static String sessionId(Map<String, AttributeValue> item) {
        return Attributes.text(item, SessionTable.SESSION_ID).orElseThrow();
    }

    private void failed(Batch batch, SessionStoreException failure) {
        if (failure instanceof SessionStoreException.Refused) {
            batch.keys()
                    .forEach(
                            key ->
                                    sendAlone(batch.of(Set.of(key)))
                                            .subscribe()
                                            .with(sent -> {}, f -> {}));
        } else {
            batch.fail(failure);
        }
    }
}
