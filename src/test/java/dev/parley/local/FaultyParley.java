package dev.parley.local;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Points a {@code @QuarkusTest} at the local infrastructure, through a separate {@link
 * FaultyDynamoDb} that it injects into the test's field of that type. Batches are small, so that
 * some hundred turns need some hundred requests. Commits and retries happen sooner than in
 * production.
 */
public final class FaultyParley implements QuarkusTestResourceLifecycleManager {

    private @Nullable FaultyDynamoDb dynamoDb;

    @Override
    public Map<String, String> start() {
        LocalInfrastructureProcess.Addresses addresses = LocalInfrastructureProcess.shared();
        FaultyDynamoDb started = new FaultyDynamoDb(addresses.dynamoDb());
        dynamoDb = started;
        return Map.of(
                "quarkus.dynamodb.endpoint-override", started.endpoint(),
                "kafka.bootstrap.servers", addresses.kafka(),
                "mp.messaging.incoming.turns.max.poll.records", "20",
                "mp.messaging.incoming.turns.auto.commit.interval.ms", "200",
                "parley.ingest.retry-first", "50ms",
                "parley.ingest.retry-longest", "500ms");
    }

    @Override
    public void inject(TestInjector test) {
        test.injectIntoFields(dynamoDb, new TestInjector.MatchesType(FaultyDynamoDb.class));
    }

    @Override
    public void stop() {
        if (dynamoDb != null) {
            dynamoDb.close();
        }
    }
}
