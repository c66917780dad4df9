package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.TableConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Counts the requests of lists, and simulates what never happens with DynamoDB Local: an index that
 * is older than the items, and a replica that is older than the index.
 */
final class ObservedDynamoDb extends DynamoDb {

    private final AtomicInteger queries = new AtomicInteger();
    private final AtomicInteger batches = new AtomicInteger();
    private final Map<String, Map<String, AttributeValue>> replicaItems = new HashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final Map<Integer, Supplier<Uni<?>>> beforeReads = new HashMap<>();
    private Supplier<Uni<?>> beforeHeads = () -> Uni.createFrom().voidItem();

    ObservedDynamoDb(DynamoDbAsyncClient client, TableConfig config, MeterRegistry metrics) {
        super(client, config, metrics, OpenTelemetry.noop());
    }

    /** Runs an action once, after an index was read and before the first heads are read. */
    void beforeHeads(Supplier<Uni<?>> action) {
        beforeHeads =
                () -> {
                    beforeHeads = () -> Uni.createFrom().voidItem();
                    return action.get();
                };
    }

    /**
     * Runs an action before the read with the given number. Reads of one item and of several items
     * are counted together, from 1. Reads of the heads of a list are not counted.
     */
    void beforeRead(int number, Supplier<Uni<?>> action) {
        beforeReads.put(number, action);
    }

    private Uni<?> beforeNextRead() {
        return beforeReads
                .getOrDefault(reads.incrementAndGet(), () -> Uni.createFrom().voidItem())
                .get();
    }

    /** Makes all further reads that are not consistent return this item for the key. */
    void setReplicaItem(String sessionId, Map<String, AttributeValue> item) {
        replicaItems.put(sessionId, item);
    }

    int queries() {
        return queries.get();
    }

    int batches() {
        return batches.get();
    }

    @Override
    public Uni<QueryResponse> query(QueryRequest.Builder query) {
        queries.incrementAndGet();
        return super.query(query);
    }

    @Override
    public Uni<Map<String, AttributeValue>> get(String key, boolean consistent) {
        return Uni.createFrom()
                .deferred(this::beforeNextRead)
                .chain(() -> super.get(key, consistent))
                .map(item -> consistent ? item : replicaItems.getOrDefault(key, item));
    }

    @Override
    public Uni<Map<String, Map<String, AttributeValue>>> get(
            Collection<String> keys, boolean consistent) {
        return Uni.createFrom()
                .deferred(this::beforeNextRead)
                .chain(() -> super.get(keys, consistent))
                .invoke(found -> replaceByReplicaItems(keys, consistent, found));
    }

    @Override
    public Uni<Map<String, Map<String, AttributeValue>>> get(
            Collection<String> keys, boolean consistent, Collection<String> attributes) {
        batches.incrementAndGet();
        return beforeHeads
                .get()
                .chain(() -> super.get(keys, consistent, attributes))
                .invoke(found -> replaceByReplicaItems(keys, consistent, found));
    }

    private void replaceByReplicaItems(
            Collection<String> keys,
            boolean consistent,
            Map<String, Map<String, AttributeValue>> found) {
        replicaItems.forEach(
                (id, item) -> {
                    if (!consistent && keys.contains(id)) {
                        found.put(id, item);
                    }
                });
    }
}
