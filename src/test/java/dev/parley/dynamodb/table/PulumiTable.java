package dev.parley.dynamodb.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.dynamodb.AllProperties;
import java.util.Map;

/**
 * The properties of a table of Pulumi's AWS provider, in DynamoDB's words: the provider has words
 * of its own, and shapes too.
 */
final class PulumiTable {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private PulumiTable() {}

    static ObjectNode inWordsOfDynamoDb(ObjectNode properties) {
        AllProperties words = new AllProperties(properties);
        ObjectNode table = JSON.objectNode();
        table.set("TableName", words.take("name"));
        table.set("BillingMode", words.take("billingMode"));
        table.set("DeletionProtectionEnabled", words.take("deletionProtectionEnabled"));
        table.set(
                "AttributeDefinitions",
                renamed(
                        words.take("attributes"),
                        Map.of("name", "AttributeName", "type", "AttributeType")));
        table.putArray("KeySchema")
                .addObject()
                .put("KeyType", "HASH")
                .set("AttributeName", words.take("hashKey"));
        ArrayNode indexes = table.putArray("GlobalSecondaryIndexes");
        words.take("globalSecondaryIndexes").forEach(index -> indexes.add(index(index)));
        ArrayNode tags = table.putArray("Tags");
        AllProperties.of(words.take("tags"))
                .object()
                .properties()
                .forEach(
                        tag ->
                                tags.addObject()
                                        .put("Key", tag.getKey())
                                        .set("Value", tag.getValue()));
        table.set(
                "TimeToLiveSpecification",
                renamed(
                        words.take("ttl"),
                        Map.of("enabled", "Enabled", "attributeName", "AttributeName")));
        table.set(
                "PointInTimeRecoverySpecification",
                renamed(
                        words.take("pointInTimeRecovery"),
                        Map.of("enabled", "PointInTimeRecoveryEnabled")));
        words.end();
        return table;
    }

    private static ObjectNode index(JsonNode properties) {
        AllProperties words = AllProperties.of(properties);
        ObjectNode index = JSON.objectNode();
        index.set("IndexName", words.take("name"));
        index.set(
                "KeySchema",
                renamed(
                        words.take("keySchemas"),
                        Map.of("attributeName", "AttributeName", "keyType", "KeyType")));
        ObjectNode projection = index.putObject("Projection");
        projection.set("ProjectionType", words.take("projectionType"));
        projection.set("NonKeyAttributes", words.take("nonKeyAttributes"));
        words.end();
        return index;
    }

    /** An object, or each of a list, with other names for the same values. */
    private static JsonNode renamed(JsonNode value, Map<String, String> names) {
        if (value.isArray()) {
            ArrayNode list = JSON.arrayNode();
            value.forEach(element -> list.add(renamed(element, names)));
            return list;
        }
        AllProperties words = AllProperties.of(value);
        ObjectNode renamed = JSON.objectNode();
        names.forEach((from, to) -> renamed.set(to, words.take(from)));
        words.end();
        return renamed;
    }
}
