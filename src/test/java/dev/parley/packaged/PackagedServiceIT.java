package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalDynamoDb;
import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Tests the start and the end of the packaged service, with the defaults of production. */
@Tag("packaged")
class PackagedServiceIT {

    @Test
    void service_onATableWithAnotherKey_exitsAndNamesTheDifference() throws Exception {
        String table = "other-" + UUID.randomUUID();
        createTable(table, "id");

        try (ServiceProcess service = ServiceProcess.start(Map.of("parley.table.name", table))) {
            assertThat(service.awaitExit(TIMEOUT)).isEqualTo(1);
            assertThat(service.output())
                    .contains(
                            "Table "
                                    + table
                                    + " can't store sessions:"
                                    + " its key is id (S, HASH) instead of sessionId (S, HASH);");
        }
    }

    @Test
    void service_withoutATable_exitsAndExplainsHowToCreateIt() throws Exception {
        try (ServiceProcess service =
                ServiceProcess.start(Map.of("parley.table.name", "nowhere-to-be-found"))) {
            assertThat(service.awaitExit(TIMEOUT)).isEqualTo(1);
            assertThat(service.output())
                    .contains(
                            "There is no table nowhere-to-be-found: create it,"
                                    + " or start with parley.table.mode=create.");
        }
    }

    @Test
    void service_untilTermination_servesRequests() throws Exception {
        String table = "packaged-" + UUID.randomUUID();
        Map<String, String> settings =
                Map.of(
                        "parley.table.name", table,
                        "parley.table.mode", "create",
                        "mp.messaging.incoming.turns.group.id", table);
        try (ServiceProcess service = ServiceProcess.start(settings);
                LocalTopics topics = new LocalTopics()) {
            topics.publish(table, "{\"turnId\":\"t-1\",\"role\":\"user\",\"content\":\"hi\"}");
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(() -> service.get("/sessions/" + table).statusCode() == 200);
            assertThat(service.get("/sessions/" + table).body()).contains("\"content\":\"hi\"");
            assertThat(service.get("/asyncapi").body()).contains("asyncapi: 3.0.0");

            service.terminate();

            assertThat(service.awaitExit(TIMEOUT)).isEqualTo(143);
        }
    }

    private static void createTable(String name, String key) {
        try (DynamoDbAsyncClient client = LocalDynamoDb.client()) {
            client.createTable(
                            r ->
                                    r.tableName(name)
                                            .billingMode(BillingMode.PAY_PER_REQUEST)
                                            .attributeDefinitions(
                                                    AttributeDefinition.builder()
                                                            .attributeName(key)
                                                            .attributeType(ScalarAttributeType.S)
                                                            .build())
                                            .keySchema(
                                                    KeySchemaElement.builder()
                                                            .attributeName(key)
                                                            .keyType(KeyType.HASH)
                                                            .build()))
                    .join();
        }
    }
}
