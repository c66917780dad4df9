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
 * Counts the requests of lists, and stands in for what DynamoDB Local never shows: an index that is
 * behind the items, and a replica that is behind the index.
 */
final class ObservedDynamoDb extends DynamoDb {

    private final AtomicInteger queries = new AtomicInteger();
    private final AtomicInteger batches = new AtomicInteger();
    private final Map<String, Map<String, AttributeValue>> replica = new HashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final Map<Integer, Supplier<Uni<?>>> beforeReads = new HashMap<>();
    private Supplier<Uni<?>> beforeHeads = () -> Uni.createFrom().voidItem();

    ObservedDynamoDb(DynamoDbAsyncClient client, TableConfig config, MeterRegistry metrics) {
        super(client, config, metrics, OpenTelemetry.noop());
    }

    /** What happens once, after an index was read and before the first heads are. */
    void beforeHeads(Supplier<Uni<?>> happening) {
        beforeHeads =
                () -> {
                    beforeHeads = () -> Uni.createFrom().voidItem();
                    return happening.get();
                };
    }

    /** What happens before an item, or some of them, are read for the how manieth time. */
    void beforeRead(int number, Supplier<Uni<?>> happening) {
        beforeReads.put(number, happening);
    }

    private Uni<?> nextRead() {
        return beforeReads
                .getOrDefault(reads.incrementAndGet(), () -> Uni.createFrom().voidItem())
                .get();
    }

    /** From now on reads that are not consistent find this item of that key. */
    void replicaHas(String sessionId, Map<String, AttributeValue> item) {
        replica.put(sessionId, item);
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
                .deferred(this::nextRead)
                .chain(() -> super.get(key, consistent))
                .map(item -> consistent ? item : replica.getOrDefault(key, item));
    }

    @Override
    public Uni<Map<String, Map<String, AttributeValue>>> get(
            Collection<String> keys, boolean consistent) {
        return Uni.createFrom()
                .deferred(this::nextRead)
                .chain(() -> super.get(keys, consistent))
                .invoke(found -> addReplicas(keys, consistent, found));
    }

    @Override
    public Uni<Map<String, Map<String, AttributeValue>>> get(
            Collection<String> keys, boolean consistent, Collection<String> attributes) {
        batches.incrementAndGet();
        return beforeHeads
                .get()
                .chain(() -> super.get(keys, consistent, attributes))
                .invoke(found -> addReplicas(keys, consistent, found));
    }

    private void addReplicas(
            Collection<String> keys,
            boolean consistent,
            Map<String, Map<String, AttributeValue>> found) {
        replica.forEach(
                (id, item) -> {
                    if (!consistent && keys.contains(id)) {
                        found.put(id, item);
                    }
                });
    }
}
