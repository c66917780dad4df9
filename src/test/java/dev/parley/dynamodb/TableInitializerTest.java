package dev.parley.dynamodb;

import static dev.parley.dynamodb.TableConfig.Mode.CREATE;
import static dev.parley.dynamodb.TableConfig.Mode.OFF;
import static dev.parley.dynamodb.TableConfig.Mode.VERIFY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.dynamodb.LocalTable.Config;
import dev.parley.local.LocalDynamoDb;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

class TableInitializerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

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
    void table_thatIsAbsent_isCreatedWhole() {
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
    void table_createdByTwoAtOnce_isReadyForBoth() {
        Config config = Config.of(CREATE);

        Uni.join()
                .all(initializer(config).usable(), initializer(config).usable())
                .andFailFast()
                .await()
                .atMost(PATIENCE);

        assertThat(start(config).state()).isInstanceOf(TableInitializer.State.Ready.class);
    }

    @Test
    void readiness_ofAMatchingTable_tellsNameAndArn() {
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
    void table_withAnotherKey_isRefusedInOneSentenceThatNamesTheDifference() {
        Config config = Config.of(VERIFY);
        createTableWithSortKey(config.name());
        TableInitializer initializer = initializer(config);

        assertThatThrownBy(() -> initializer.usable().await().atMost(PATIENCE))
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
    void table_withAnotherKey_isRefusedInModeCreateToo() {
        Config config = Config.of(CREATE);
        createTableWithSortKey(config.name());

        assertThatThrownBy(() -> initializer(config).usable().await().atMost(PATIENCE))
                .hasMessageContaining("its key is");
    }

    @Test
    void table_thatIsAbsent_isNotCreatedInModeVerify() {
        Config config = Config.of(VERIFY);

        assertThatThrownBy(() -> initializer(config).usable().await().atMost(PATIENCE))
                .hasMessage(
                        "There is no table %s: create it, or start with parley.table.mode=create."
                                .formatted(config.name()));
    }

    @Test
    void table_inModeOff_isNotLookedAt() {
        Config config = Config.of(OFF);

        TableInitializer initializer = start(config);

        assertThat(initializer.state()).isNotInstanceOf(TableInitializer.State.Unusable.class);
    }

    private static TableInitializer start(Config config) {
        TableInitializer initializer = initializer(config);
        initializer.usable().await().atMost(PATIENCE);
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

    private static AttributeDefinition definition(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }
}
