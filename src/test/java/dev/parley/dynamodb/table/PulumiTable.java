package dev.parley.dynamodb.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.dynamodb.AllProperties;
import java.util.Map;

/**
 * Converts the properties of a table of Pulumi's AWS provider to those of DynamoDB's API. The
 * provider uses other names and another structure.
 */
final class PulumiTable {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private PulumiTable() {}

    static ObjectNode toDynamoDb(ObjectNode properties) {
        AllProperties source = new AllProperties(properties);
        ObjectNode table = JSON.objectNode();
        table.set("TableName", source.take("name"));
        table.set("BillingMode", source.take("billingMode"));
        table.set("DeletionProtectionEnabled", source.take("deletionProtectionEnabled"));
        table.set(
                "AttributeDefinitions",
                renamed(
                        source.take("attributes"),
                        Map.of("name", "AttributeName", "type", "AttributeType")));
        table.putArray("KeySchema")
                .addObject()
                .put("KeyType", "HASH")
                .set("AttributeName", source.take("hashKey"));
        ArrayNode indexes = table.putArray("GlobalSecondaryIndexes");
        source.take("globalSecondaryIndexes").forEach(index -> indexes.add(index(index)));
        ArrayNode tags = table.putArray("Tags");
        AllProperties.of(source.take("tags"))
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
                        source.take("ttl"),
                        Map.of("enabled", "Enabled", "attributeName", "AttributeName")));
        table.set(
                "PointInTimeRecoverySpecification",
                renamed(
                        source.take("pointInTimeRecovery"),
                        Map.of("enabled", "PointInTimeRecoveryEnabled")));
        source.requireEmpty();
        return table;
    }

    private static ObjectNode index(JsonNode properties) {
        AllProperties source = AllProperties.of(properties);
        ObjectNode index = JSON.objectNode();
        index.set("IndexName", source.take("name"));
        index.set(
                "KeySchema",
                renamed(
                        source.take("keySchemas"),
                        Map.of("attributeName", "AttributeName", "keyType", "KeyType")));
        ObjectNode projection = index.putObject("Projection");
        projection.set("ProjectionType", source.take("projectionType"));
        projection.set("NonKeyAttributes", source.take("nonKeyAttributes"));
        source.requireEmpty();
        return index;
    }

    /** Renames the properties of an object, or of each object in a list. */
    private static JsonNode renamed(JsonNode value, Map<String, String> names) {
        if (value.isArray()) {
            ArrayNode list = JSON.arrayNode();
            value.forEach(element -> list.add(renamed(element, names)));
            return list;
        }
        AllProperties source = AllProperties.of(value);
        ObjectNode renamed = JSON.objectNode();
        names.forEach((from, to) -> renamed.set(to, source.take(from)));
        source.requireEmpty();
        return renamed;
    }
}
