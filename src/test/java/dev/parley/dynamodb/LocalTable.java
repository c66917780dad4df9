package dev.parley.dynamodb;

import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.session.Outcome;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A table of its own in the real DynamoDB Local, with a writer and a reader, at a fixed time. */
final class LocalTable implements AutoCloseable {

    /** Long after the events of the tests, well within their retention. */
    static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

    static final Retention RETENTION = new Retention(Duration.ofDays(90), Duration.ofDays(30));
    static final int MAX_PROFILE_BYTES = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DynamoDbAsyncClient client = client();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Config config;
    private final TableInitializer initializer;
    private final DynamoDb dynamoDb;

    private LocalTable(Config config) {
        this.config = config;
        this.initializer = new TableInitializer(client, config);
        this.dynamoDb = new DynamoDb(client, config, metrics);
    }

    /** The configuration, with a name that no other table has. */
    record Config(String name, Mode mode) implements TableConfig {

        static Config of(Mode mode) {
            return new Config("test-" + UUID.randomUUID(), mode);
        }

        @Override
        public int dayShards() {
            return 4;
        }

        @Override
        public Duration retention() {
            return RETENTION.events();
        }

        @Override
        public Duration deletionMemory() {
            return RETENTION.deletions();
        }

        @Override
        public int maxProfileBytes() {
            return MAX_PROFILE_BYTES;
        }
    }

    static LocalTable create() {
        return new LocalTable(Config.of(TableConfig.Mode.CREATE));
    }

    static DynamoDbAsyncClient client() {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(LocalInfrastructureProcess.shared().dynamoDb()))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("local", "local")))
                .build();
    }

    List<Outcome> apply(String sessionId, SessionEvent... events) {
        return apply(NOW, sessionId, events);
    }

    List<Outcome> apply(Instant now, String sessionId, SessionEvent... events) {
        return writer(now).apply(sessionId, List.of(events)).await().atMost(PATIENCE);
    }

    /** What became of one event. */
    Outcome apply(SessionEvent event) {
        return apply(event.sessionId(), event).getFirst();
    }

    Optional<Session> find(String sessionId) {
        return find(NOW, sessionId);
    }

    Optional<Session> find(Instant now, String sessionId) {
        DynamoDbSessionReader reader = new DynamoDbSessionReader(dynamoDb, RETENTION, fixed(now));
        return reader.find(sessionId).await().atMost(PATIENCE);
    }

    /** The session, which must be there. */
    Session get(String sessionId) {
        return find(sessionId).orElseThrow();
    }

    DynamoDbSessionWriter writer(Instant now) {
        HeadItems items = new HeadItems(RETENTION, config.dayShards());
        return new DynamoDbSessionWriter(
                initializer,
                dynamoDb,
                new SessionPlanner(RETENTION, items, MAX_PROFILE_BYTES),
                items,
                fixed(now));
    }

    /** The item as it is stored. */
    Map<String, AttributeValue> item(String sessionId) {
        return client.getItem(r -> r.tableName(config.name()).key(DynamoDb.key(sessionId)))
                .join()
                .item();
    }

    /** Sets an attribute of an item from outside. */
    void set(String sessionId, String name, AttributeValue value) {
        client.updateItem(
                        r ->
                                r.tableName(config.name())
                                        .key(DynamoDb.key(sessionId))
                                        .updateExpression("SET #name = :value")
                                        .expressionAttributeNames(Map.of("#name", name))
                                        .expressionAttributeValues(Map.of(":value", value)))
                .join();
    }

    /** Keys of one index entry's partition. */
    List<String> sessionsIn(String index, String partitionKey, String value) {
        return client
                .query(
                        r ->
                                r.tableName(config.name())
                                        .indexName(index)
                                        .keyConditionExpression("#key = :value")
                                        .expressionAttributeNames(Map.of("#key", partitionKey))
                                        .expressionAttributeValues(
                                                Map.of(":value", AttributeValue.fromS(value))))
                .join()
                .items()
                .stream()
                .map(item -> Attributes.text(item, SessionTable.SESSION_ID).orElseThrow())
                .toList();
    }

    /** Capacity units consumed so far by the writer and the reader. */
    double consumed(String operation) {
        return metrics.get("parley.dynamodb.capacity.units")
                .tag("operation", operation)
                .counter()
                .count();
    }

    @Override
    public void close() {
        client.close();
    }

    private static Clock fixed(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }
}
