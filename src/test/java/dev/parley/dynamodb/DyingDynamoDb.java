package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.client.UpdateExpression;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.TableConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A process that dies after so many requests, or meets something else before the last of them. */
final class DyingDynamoDb extends DynamoDb {

    private final AtomicInteger left;
    private final Runnable beforeTheLast;
    private final boolean dies;

    private DyingDynamoDb(
            DynamoDbAsyncClient client,
            TableConfig config,
            int requests,
            Runnable beforeTheLast,
            boolean dies) {
        super(client, config, new SimpleMeterRegistry(), OpenTelemetry.noop());
        this.left = new AtomicInteger(requests);
        this.beforeTheLast = beforeTheLast;
        this.dies = dies;
    }

    /** Dies after so many requests, while something else happens before the last. */
    static DyingDynamoDb after(
            DynamoDbAsyncClient client, TableConfig config, int requests, Runnable beforeTheLast) {
        return new DyingDynamoDb(client, config, requests, beforeTheLast, true);
    }

    /** Lives, while something else happens before its request of that number. */
    static DyingDynamoDb meeting(
            DynamoDbAsyncClient client, TableConfig config, int request, Runnable before) {
        return new DyingDynamoDb(client, config, request, before, false);
    }

    @Override
    public Uni<Map<String, AttributeValue>> get(String key, boolean consistent) {
        return unlessDead(() -> super.get(key, consistent));
    }

    @Override
    public Uni<Write> update(UpdateExpression update) {
        return unlessDead(() -> super.update(update));
    }

    @Override
    public Uni<Write> seal(PageItem.Change change, long version, Instant now) {
        return unlessDead(() -> super.seal(change, version, now));
    }

    @Override
    public Uni<Write> update(
            UpdateExpression head, Collection<PageItem.Change> pages, String token) {
        return unlessDead(() -> super.update(head, pages, token));
    }

    @Override
    public Uni<Boolean> delete(String key, long version) {
        return unlessDead(() -> super.delete(key, version));
    }

    private <T> Uni<T> unlessDead(Supplier<Uni<T>> request) {
        int requests = left.getAndDecrement();
        if (requests <= 0 && dies) {
            return Uni.createFrom().failure(CrashingDynamoDb.Crash::new);
        }
        if (requests == 1) {
            beforeTheLast.run();
        }
        return request.get();
    }
}
