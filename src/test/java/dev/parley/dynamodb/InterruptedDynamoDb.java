package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.client.ItemUpdate;
import dev.parley.dynamodb.client.WriteResult;
import dev.parley.dynamodb.layout.ItemChange;
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

/**
 * Simulates a process that crashes after a number of requests. It can also run an action of the
 * test before one of the requests.
 */
final class InterruptedDynamoDb extends DynamoDb {

    private final AtomicInteger remaining;
    private final Runnable beforeLast;
    private final boolean crashes;

    private InterruptedDynamoDb(
            DynamoDbAsyncClient client,
            TableConfig config,
            int requests,
            Runnable beforeLast,
            boolean crashes) {
        super(client, config, new SimpleMeterRegistry(), OpenTelemetry.noop());
        this.remaining = new AtomicInteger(requests);
        this.beforeLast = beforeLast;
        this.crashes = crashes;
    }

    /** Crashes after this number of requests. The action runs before the last of them. */
    static InterruptedDynamoDb crashingAfter(
            DynamoDbAsyncClient client, TableConfig config, int requests, Runnable beforeLast) {
        return new InterruptedDynamoDb(client, config, requests, beforeLast, true);
    }

    /** Does not crash. The action runs before the request with this number. */
    static InterruptedDynamoDb interruptedBefore(
            DynamoDbAsyncClient client, TableConfig config, int request, Runnable before) {
        return new InterruptedDynamoDb(client, config, request, before, false);
    }

    @Override
    public Uni<Map<String, AttributeValue>> get(String key, boolean consistent) {
        return unlessCrashed(() -> super.get(key, consistent));
    }

    @Override
    public Uni<Map<String, Map<String, AttributeValue>>> get(
            Collection<String> keys, boolean consistent) {
        return unlessCrashed(() -> super.get(keys, consistent));
    }

    @Override
    public Uni<WriteResult> update(ItemUpdate update) {
        return unlessCrashed(() -> super.update(update));
    }

    @Override
    public Uni<WriteResult> seal(ItemChange change, long version, Instant now) {
        return unlessCrashed(() -> super.seal(change, version, now));
    }

    @Override
    public Uni<WriteResult> update(ItemUpdate head, Collection<ItemChange> pages, String token) {
        return unlessCrashed(() -> super.update(head, pages, token));
    }

    private <T> Uni<T> unlessCrashed(Supplier<Uni<T>> request) {
        int requests = remaining.getAndDecrement();
        if (requests <= 0 && crashes) {
            return Uni.createFrom().failure(RandomlyCrashingDynamoDb.Crash::new);
        }
        if (requests == 1) {
            beforeLast.run();
        }
        return request.get();
    }
}
