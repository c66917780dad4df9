package dev.parley.dynamodb.table;

import static dev.parley.dynamodb.layout.TableConfig.Mode.CREATE;
import static dev.parley.dynamodb.layout.TableConfig.Mode.OFF;
import static dev.parley.dynamodb.layout.TableConfig.Mode.VERIFY;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.dynamodb.ChangeRecorder;
import dev.parley.dynamodb.LocalTable;
import dev.parley.dynamodb.LocalTable.Config;
import dev.parley.dynamodb.StubbedDynamoDb;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.local.LocalDynamoDb;
import dev.parley.session.Consistency;
import dev.parley.session.EventBuilder;
import dev.parley.session.SessionQuery;
import dev.parley.session.SessionReader;
import dev.parley.session.SessionStoreException;
import dev.parley.session.TimeRange;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.Tag;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Tests how the table is created, completed, verified or refused when the service starts. */
@org.junit.jupiter.api.Tag("store")
@org.junit.jupiter.api.Tag("slow")
class TableInitializerIT {

    private static DynamoDbAsyncClient client;

    @BeforeAll
    static void connect() {
        client = LocalDynamoDb.client();
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @Test
    void missingTable_inModeCreate_isCreatedCompletely() {
        Config config = Config.of(CREATE);

        start(config);

        TableDescription table =
                client.describeTable(r -> r.tableName(config.name())).join().table();
        assertThat(table.keySchema())
                .singleElement()
                .satisfies(
                        key -> {
                            assertThat(key.attributeName()).isEqualTo("sessionId");
                            assertThat(key.keyType()).isEqualTo(KeyType.HASH);
                        });
        assertThat(table.billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
        assertThat(table.globalSecondaryIndexes())
                .extracting(index -> index.indexName())
                .containsExactlyInAnyOrder("byUser", "byDay");
        assertThat(
                        client.describeTimeToLive(r -> r.tableName(config.name()))
                                .join()
                                .timeToLiveDescription())
                .satisfies(
                        expiry -> {
                            assertThat(expiry.attributeName()).isEqualTo("expiresAt");
                            assertThat(expiry.timeToLiveStatus())
                                    .isEqualTo(TimeToLiveStatus.ENABLED);
                        });
        assertThat(SessionTable.createRequest(config.name()).tags())
                .singleElement()
                .hasToString("Tag(Key=Purpose, Value=ChatbotSessionData)");
    }

    @Test
    void table_createdByTwoInstancesAtOnce_isReadyForBoth() {
        Config config = Config.of(CREATE);

        Uni.join()
                .all(initializer(config).usable(), initializer(config).usable())
                .andFailFast()
                .await()
                .atMost(TIMEOUT);

        assertThat(start(config).state()).isInstanceOf(TableInitializer.State.Ready.class);
    }

    @Test
    void readiness_ofMatchingTable_reportsNameAndArn() {
        Config config = Config.of(CREATE);
        start(config);
        Config verifying = new Config(config.name(), VERIFY);

        HealthCheckResponse readiness = new TableReadiness(start(verifying), verifying).call();

        assertThat(readiness.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(readiness.getData().orElseThrow())
                .containsEntry("table", config.name())
                .hasEntrySatisfying(
                        "arn",
                        arn -> assertThat(arn.toString()).endsWith("table/" + config.name()));
    }

    @Test
    void table_withOtherKey_isRefusedWithAllDifferences() {
        Config config = Config.of(VERIFY);
        createTableWithSortKey(config.name());
        TableInitializer initializer = initializer(config);

        assertThatThrownBy(() -> initializer.usable().await().atMost(TIMEOUT))
                .isInstanceOf(UnusableTableException.class)
                .hasMessageContaining(
                        "its key is id (S, HASH) + at (N, RANGE) instead of sessionId (S, HASH)")
                .hasMessageContaining("its billing mode is PROVISIONED instead of PAY_PER_REQUEST")
                .hasMessageContaining("its index byUser is missing")
                .hasMessageContaining("its time to live is off instead of on expiresAt");
        assertThat(new TableReadiness(initializer, config).call().getStatus())
                .isEqualTo(HealthCheckResponse.Status.DOWN);
    }

    @Test
    void table_withOtherKey_isRefusedInModeCreate() {
        Config config = Config.of(CREATE);
        createTableWithSortKey(config.name());

        assertThatThrownBy(() -> initializer(config).usable().await().atMost(TIMEOUT))
                .hasMessageContaining("its key is");
    }

    /**
     * Returns tables that differ from Parley's table and whose time to live is off. The items of
     * another application may have an {@code expiresAt} with another meaning.
     */
    static Stream<Arguments> foreignTables() {
        return Stream.of(
                foreign(
                        "key",
                        t ->
                                t.keySchema(key("userId", KeyType.HASH))
                                        .attributeDefinitions(
                                                definition("userId", ScalarAttributeType.S),
                                                definition("dayShard", ScalarAttributeType.S),
                                                definition("startedAt", ScalarAttributeType.N))),
                foreign(
                        "sort key",
                        t ->
                                t.keySchema(
                                        key("sessionId", KeyType.HASH),
                                        key("startedAt", KeyType.RANGE))),
                foreign(
                        "key of another type",
                        t ->
                                t.keySchema(key("sessionId", KeyType.HASH))
                                        .attributeDefinitions(
                                                definition("sessionId", ScalarAttributeType.N))
                                        .globalSecondaryIndexes(
                                                (Collection<GlobalSecondaryIndex>) null)),
                foreign(
                        "billing mode",
                        t ->
                                t.billingMode(BillingMode.PROVISIONED)
                                        .provisionedThroughput(ONE_UNIT)
                                        .globalSecondaryIndexes(
                                                indexes(i -> i.provisionedThroughput(ONE_UNIT)))),
                foreign(
                        "no indexes",
                        t ->
                                t.attributeDefinitions(
                                                definition("sessionId", ScalarAttributeType.S))
                                        .globalSecondaryIndexes(
                                                (Collection<GlobalSecondaryIndex>) null)),
                foreign(
                        "one index",
                        t ->
                                t.attributeDefinitions(
                                                definition("sessionId", ScalarAttributeType.S),
                                                definition("userId", ScalarAttributeType.S),
                                                definition("startedAt", ScalarAttributeType.N))
                                        .globalSecondaryIndexes(indexes(i -> {}).subList(0, 1))),
                foreign(
                        "projection",
                        t ->
                                t.globalSecondaryIndexes(
                                        indexes(
                                                i ->
                                                        i.projection(
                                                                p ->
                                                                        p.projectionType(
                                                                                ProjectionType
                                                                                        .ALL))))),
                foreign(
                        "additional index",
                        t ->
                                t.globalSecondaryIndexes(
                                        Stream.concat(
                                                        indexes(i -> {}).stream(),
                                                        indexes(i -> i.indexName("mine")).stream()
                                                                .limit(1))
                                                .toList())),
                foreign(
                        "stream",
                        t ->
                                t.streamSpecification(
                                        s ->
                                                s.streamEnabled(true)
                                                        .streamViewType(
                                                                StreamViewType.NEW_IMAGE))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreignTables")
    void foreignTable_inAnyMode_isRefusedAndNotChanged(
            String name, UnaryOperator<CreateTableRequest.Builder> difference) {
        for (TableConfig.Mode mode : List.of(CREATE, VERIFY)) {
            Config config = Config.of(mode);
            client.createTable(
                            difference
                                    .apply(SessionTable.createRequest(config.name()).toBuilder())
                                    .build())
                    .join();
            Map<String, AttributeValue> item = expiredItem(config.name());
            ChangeRecorder recorded = new ChangeRecorder();

            try (DynamoDbAsyncClient recordingClient = LocalDynamoDb.observedBy(recorded)) {
                assertThatThrownBy(
                                () ->
                                        new TableInitializer(recordingClient, config)
                                                .usable()
                                                .await()
                                                .atMost(TIMEOUT))
                        .as("%s, %s", name, mode)
                        .isInstanceOf(UnusableTableException.class)
                        .hasMessageContaining("its time to live is off");
            }

            assertThat(recorded.requests()).as("%s, %s", name, mode).isEmpty();
            assertThat(expiry(config.name())).isEqualTo(TimeToLiveStatus.DISABLED);
            assertThat(client.getItem(r -> r.tableName(config.name()).key(item)).join().hasItem())
                    .isTrue();
        }
    }

    @Test
    void table_withExpiryOnOtherAttribute_isRefused() {
        Config config = Config.of(CREATE);
        client.createTable(SessionTable.createRequest(config.name())).join();
        client.updateTimeToLive(
                        r ->
                                r.tableName(config.name())
                                        .timeToLiveSpecification(
                                                s -> s.enabled(true).attributeName("ttl")))
                .join();

        assertThatThrownBy(() -> initializer(config).usable().await().atMost(TIMEOUT))
                .isInstanceOf(UnusableTableException.class)
                .hasMessageContaining("its time to live is on ttl instead of on expiresAt");
    }

    /** The process that created the table crashed before it enabled the time to live. */
    @Test
    void table_withInterruptedCreation_isCompleted() {
        Config config = Config.of(CREATE);
        client.createTable(SessionTable.createRequest(config.name())).join();

        start(config);

        assertThat(expiry(config.name())).isEqualTo(TimeToLiveStatus.ENABLED);
    }

    @Test
    void table_withInterruptedCreation_isCompletedByTwoInstancesAtOnce() {
        Config config = Config.of(CREATE);
        client.createTable(SessionTable.createRequest(config.name())).join();

        Uni.join()
                .all(initializer(config).usable(), initializer(config).usable())
                .andFailFast()
                .await()
                .atMost(TIMEOUT);

        assertThat(expiry(config.name())).isEqualTo(TimeToLiveStatus.ENABLED);
    }

    /** DynamoDB Local does not support tags, so the test simulates the responses. */
    @Test
    void table_withSchemaOfParleyButOtherTag_isRefusedAndNotChanged() {
        Config config = Config.of(CREATE);
        client.createTable(SessionTable.createRequest(config.name())).join();
        StubbedDynamoDb tagged =
                new StubbedDynamoDb()
                        .createdAt(Instant.now().minus(Duration.ofDays(1)))
                        .tags(List.of(Tag.builder().key("Purpose").value("Shop").build()));

        try (DynamoDbAsyncClient simulatedClient = tagged.client()) {
            assertThatThrownBy(
                            () ->
                                    new TableInitializer(simulatedClient, config)
                                            .usable()
                                            .await()
                                            .atMost(TIMEOUT))
                    .isInstanceOf(UnusableTableException.class)
                    .hasMessageContaining("has no tag Purpose=ChatbotSessionData");
        }

        assertThat(expiry(config.name())).isEqualTo(TimeToLiveStatus.DISABLED);
    }

    /** The tags of a new table appear after some seconds: here, in the second response. */
    @Test
    void table_whoseTagsAppearLate_isCompletedAfterwards() {
        Config config = Config.of(CREATE);
        client.createTable(SessionTable.createRequest(config.name())).join();
        StubbedDynamoDb tagged =
                new StubbedDynamoDb()
                        .createdAt(Instant.now())
                        .tags(List.of())
                        .tags(List.of(SessionTable.PURPOSE));

        try (DynamoDbAsyncClient simulatedClient = tagged.client()) {
            new TableInitializer(simulatedClient, config).usable().await().atMost(TIMEOUT);
        }

        assertThat(tagged.tagRequests()).isGreaterThan(1);
        assertThat(expiry(config.name())).isEqualTo(TimeToLiveStatus.ENABLED);
    }

    /** A throttled request for tags is retried. The permission to read tags may be missing. */
    @Test
    void table_whoseTagsCannotBeRead_isRecognizedBySchema() {
        Config config = Config.of(CREATE);
        client.createTable(SessionTable.createRequest(config.name())).join();
        StubbedDynamoDb tagged =
                new StubbedDynamoDb()
                        .createdAt(Instant.now().minus(Duration.ofDays(1)))
                        .tagFailure("ThrottlingException")
                        .tagFailure("AccessDeniedException");

        try (DynamoDbAsyncClient simulatedClient = tagged.client()) {
            new TableInitializer(simulatedClient, config).usable().await().atMost(TIMEOUT);
        }

        assertThat(tagged.tagRequests()).isEqualTo(2);
        assertThat(expiry(config.name())).isEqualTo(TimeToLiveStatus.ENABLED);
    }

    @ParameterizedTest
    @EnumSource(
            value = IndexStatus.class,
            names = {"CREATING", "DELETING"})
    void lists_whileIndexIsNotActive_areUnavailableUntilActive(IndexStatus status) {
        Config config = Config.of(CREATE);
        start(config);
        StubbedDynamoDb indexed = new StubbedDynamoDb().indexStatus("byDay", status);
        try (LocalTable table = new LocalTable(config, indexed.client())) {
            table.apply(EventBuilder.event("s-1").userId("u-1").turn("t-1", "Hello"));
            SessionReader reader = table.guardedReader(LocalTable.NOW);
            SessionQuery query = SessionQuery.started(TimeRange.ALL).of("u-1");

            assertThatThrownBy(() -> reader.list(query).await().atMost(TIMEOUT))
                    .isInstanceOf(SessionStoreException.Unavailable.class)
                    .hasMessageContaining("byDay");
            assertThat(reader.find("s-1", 0, Consistency.STRONG).await().atMost(TIMEOUT))
                    .isPresent();

            indexed.indexStatus("byDay", IndexStatus.ACTIVE);
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(() -> reader.list(query).await().atMost(TIMEOUT).items().size() == 1);
        }
    }

    @Test
    void readiness_whileIndexIsNotActive_isUpAndNamesIndex() {
        Config config = Config.of(CREATE);
        start(config);
        StubbedDynamoDb indexed = new StubbedDynamoDb().indexStatus("byUser", IndexStatus.CREATING);
        try (DynamoDbAsyncClient simulatedClient = indexed.client()) {
            TableInitializer initializer = new TableInitializer(simulatedClient, config);
            initializer.usable().await().atMost(TIMEOUT);

            HealthCheckResponse readiness = new TableReadiness(initializer, config).call();

            assertThat(readiness.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
            assertThat(readiness.getData().orElseThrow())
                    .containsEntry("indexesNotActive", "byUser");
        }
    }

    @Test
    void missingTable_inModeVerify_isNotCreated() {
        Config config = Config.of(VERIFY);

        assertThatThrownBy(() -> initializer(config).usable().await().atMost(TIMEOUT))
                .hasMessage(
                        "There is no table %s: create it, or start with parley.table.mode=create."
                                .formatted(config.name()));
    }

    @Test
    void table_inModeOff_isNotChecked() {
        Config config = Config.of(OFF);

        TableInitializer initializer = start(config);

        assertThat(initializer.state()).isNotInstanceOf(TableInitializer.State.Unusable.class);
    }

    private static TableInitializer start(Config config) {
        TableInitializer initializer = initializer(config);
        initializer.usable().await().atMost(TIMEOUT);
        return initializer;
    }

    private static TableInitializer initializer(Config config) {
        return new TableInitializer(client, config);
    }

    private static void createTableWithSortKey(String name) {
        CreateTableRequest request =
                CreateTableRequest.builder()
                        .tableName(name)
                        .attributeDefinitions(
                                definition("id", ScalarAttributeType.S),
                                definition("at", ScalarAttributeType.N))
                        .keySchema(key("id", KeyType.HASH), key("at", KeyType.RANGE))
                        .provisionedThroughput(t -> t.readCapacityUnits(1L).writeCapacityUnits(1L))
                        .build();
        client.createTable(request).join();
    }

    private static final ProvisionedThroughput ONE_UNIT =
            ProvisionedThroughput.builder().readCapacityUnits(1L).writeCapacityUnits(1L).build();

    private static Arguments foreign(
            String name, UnaryOperator<CreateTableRequest.Builder> difference) {
        return Arguments.of(name, difference);
    }

    private static List<GlobalSecondaryIndex> indexes(Consumer<GlobalSecondaryIndex.Builder> edit) {
        return SessionTable.indexes().stream()
                .map(index -> index.toBuilder().applyMutation(edit).build())
                .toList();
    }

    /**
     * Stores an item that the time to live would delete at once, and returns the key of the item.
     */
    private static Map<String, AttributeValue> expiredItem(String name) {
        TableDescription table = client.describeTable(r -> r.tableName(name)).join().table();
        Map<String, AttributeValue> key = new HashMap<>();
        for (KeySchemaElement element : table.keySchema()) {
            boolean isText =
                    table.attributeDefinitions().stream()
                            .filter(d -> d.attributeName().equals(element.attributeName()))
                            .allMatch(d -> d.attributeType() == ScalarAttributeType.S);
            key.put(
                    element.attributeName(),
                    isText ? AttributeValue.fromS("mine") : AttributeValue.fromN("1"));
        }
        Map<String, AttributeValue> item = new HashMap<>(key);
        item.put("expiresAt", AttributeValue.fromN("1700000000"));
        client.putItem(r -> r.tableName(name).item(item)).join();
        return key;
    }

    private static TimeToLiveStatus expiry(String name) {
        return client.describeTimeToLive(r -> r.tableName(name))
                .join()
                .timeToLiveDescription()
                .timeToLiveStatus();
    }

    private static AttributeDefinition definition(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }
}
