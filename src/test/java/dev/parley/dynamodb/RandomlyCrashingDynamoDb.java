package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.client.ItemUpdate;
import dev.parley.dynamodb.client.WriteResult;
import dev.parley.dynamodb.layout.ItemChange;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.session.SessionStoreException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Simulates a process that may crash, or lose its connection, before or after any of its requests.
 * The requests that would follow are not made, and the caller cannot know whether the last request
 * took effect. Sometimes a write is made twice, as by the retry of the SDK after a lost answer.
 */
final class RandomlyCrashingDynamoDb extends DynamoDb {

    private final DynamoDb real;
    private final Random random;
    private final double probability;

    /**
     * @param real makes the requests; several processes may share it, so that it has something to
     *     gather
     */
    RandomlyCrashingDynamoDb(
            DynamoDbAsyncClient client,
            TableConfig config,
            DynamoDb real,
            Random random,
            double probability) {
        super(client, config, new SimpleMeterRegistry(), OpenTelemetry.noop());
        this.real = real;
        this.random = random;
        this.probability = probability;
    }

    /** The simulated crash of the process. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Override
    public Uni<Map<String, AttributeValue>> get(String key, boolean consistent) {
        return maybeCrash(() -> real.get(key, consistent));
    }

    @Override
    public Uni<WriteResult> update(ItemUpdate update) {
        return maybeCrash(() -> maybeTwice(() -> real.update(update)));
    }

    @Override
    public Uni<WriteResult> seal(ItemChange change, long version, Instant now) {
        return maybeCrash(() -> maybeTwice(() -> real.seal(change, version, now)));
    }

    @Override
    public Uni<WriteResult> update(ItemUpdate head, Collection<ItemChange> pages, String token) {
        return maybeCrash(() -> maybeTwice(() -> real.update(head, pages, token)));
    }

    @Override
    public Uni<Map<String, Map<String, AttributeValue>>> get(
            Collection<String> keys, boolean consistent) {
        return maybeCrash(() -> real.get(keys, consistent));
    }

    private double nextRandom() {
        synchronized (random) {
            return random.nextDouble();
        }
    }

    private <T> Uni<T> maybeTwice(Supplier<Uni<T>> request) {
        return nextRandom() < probability ? request.get().chain(request::get) : request.get();
    }

    private <T> Uni<T> maybeCrash(Supplier<Uni<T>> request) {
        double number = nextRandom();
        if (number < probability / 2) {
            return Uni.createFrom().failure(Crash::new);
        }
        return number < probability
                ? request.get().onItem().failWith(done -> new Crash())
                : request.get();
    }

    /**
     * Returns whether the failure is a simulated crash. An unavailable store is one, too, because
     * DynamoDB Local itself never fails.
     */
    static boolean isCrash(Throwable failure) {
        return failure instanceof Crash
                || failure.getCause() instanceof Crash
                || failure instanceof SessionStoreException.Unavailable;
    }
}
