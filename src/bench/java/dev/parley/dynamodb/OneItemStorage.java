package dev.parley.dynamodb;

import dev.parley.json.ExactJson;
import dev.parley.json.TurnJson;
import dev.parley.local.LocalDynamoDb;
import dev.parley.session.SessionEvent.TurnRecorded;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The simplest storage, for comparison: the whole history is in one item, and each turn is appended
 * to a list. It has no counters, no indexes and no protection against duplicates, each of which
 * would make it more expensive.
 */
final class OneItemStorage implements SessionStorage {

    private static final String KEY = "sessionId";
    private static final int BAD_REQUEST = 400;

    private final DynamoDbAsyncClient client = LocalDynamoDb.client();
    private final String table = "bench-" + UUID.randomUUID();
    private final Map<String, AttributeValue> key = Map.of(KEY, AttributeValue.fromS("s-42"));

    OneItemStorage() {
        client.createTable(
                        r ->
                                r.tableName(table)
                                        .billingMode(BillingMode.PAY_PER_REQUEST)
                                        .keySchema(
                                                KeySchemaElement.builder()
                                                        .attributeName(KEY)
                                                        .keyType(KeyType.HASH)
                                                        .build())
                                        .attributeDefinitions(
                                                AttributeDefinition.builder()
                                                        .attributeName(KEY)
                                                        .attributeType(ScalarAttributeType.S)
                                                        .build()))
                .join();
    }

    @Override
    public OptionalDouble append(TurnRecorded turn) {
        String json = ExactJson.write(generator -> TurnJson.write(turn.turn(), generator));
        try {
            return OptionalDouble.of(append(json));
        } catch (CompletionException e) {
            if (e.getCause() instanceof DynamoDbException refused
                    && refused.statusCode() == BAD_REQUEST) {
                return OptionalDouble.empty();
            }
            throw e;
        }
    }

    private double append(String json) {
        AttributeValue turn = AttributeValue.fromL(List.of(AttributeValue.fromS(json)));
        return client.updateItem(
                        r ->
                                r.tableName(table)
                                        .key(key)
                                        .updateExpression(
                                                "SET turns = list_append(if_not_exists(turns, :none), :turn)")
                                        .expressionAttributeValues(
                                                Map.of(
                                                        ":none",
                                                        AttributeValue.fromL(List.of()),
                                                        ":turn",
                                                        turn))
                                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
                .join()
                .consumedCapacity()
                .capacityUnits();
    }

    @Override
    public double readAll() {
        return client.getItem(
                        r ->
                                r.tableName(table)
                                        .key(key)
                                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
                .join()
                .consumedCapacity()
                .capacityUnits();
    }

    @Override
    public void close() {
        client.close();
    }
}
