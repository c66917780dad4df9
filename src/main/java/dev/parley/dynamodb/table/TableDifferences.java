package dev.parley.dynamodb.table;

import dev.parley.dynamodb.layout.SessionTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Describes, for an operator, how an existing table differs from {@link SessionTable}. */
final class TableDifferences {

    private TableDifferences() {}

    /** Returns one phrase for each difference; empty if the table can store sessions. */
    static List<String> of(TableDescription table) {
        List<String> differences = new ArrayList<>();
        Map<String, String> types = types(table.attributeDefinitions());
        Map<String, String> wantedTypes =
                types(SessionTable.createRequest(table.tableName()).attributeDefinitions());
        compare(
                differences,
                "its key is",
                keys(table.keySchema(), types),
                keys(SessionTable.createRequest(table.tableName()).keySchema(), wantedTypes));
        compare(
                differences,
                "its billing mode is",
                billing(table),
                BillingMode.PAY_PER_REQUEST.toString());
        Map<String, String> indexes = new HashMap<>();
        for (GlobalSecondaryIndexDescription index : table.globalSecondaryIndexes()) {
            indexes.put(index.indexName(), index(index.keySchema(), index.projection(), types));
        }
        SessionTable.indexes()
                .forEach(
                        index ->
                                compare(
                                        differences,
                                        "its index " + index.indexName() + " is",
                                        indexes.getOrDefault(index.indexName(), "missing"),
                                        index(index.keySchema(), index.projection(), wantedTypes)));
        return differences;
    }

    /** Returns one phrase for each difference of the time to live. */
    static List<String> of(@Nullable TimeToLiveDescription expiry) {
        List<String> differences = new ArrayList<>();
        compare(
                differences,
                "its time to live is",
                expiry != null && isOn(expiry) ? "on " + expiry.attributeName() : "off",
                "on " + SessionTable.EXPIRES_AT);
        return differences;
    }

    /** Returns the status of the time to live; it is disabled if DynamoDB does not report one. */
    static TimeToLiveStatus expiry(@Nullable TimeToLiveDescription expiry) {
        return expiry == null || expiry.timeToLiveStatus() == null
                ? TimeToLiveStatus.DISABLED
                : expiry.timeToLiveStatus();
    }

    /** Returns what the table has and {@link SessionTable} does not create, with its name. */
    static List<String> additions(TableDescription table) {
        List<String> additions = new ArrayList<>();
        Set<String> expected =
                SessionTable.indexes().stream()
                        .map(GlobalSecondaryIndex::indexName)
                        .collect(Collectors.toSet());
        table.globalSecondaryIndexes().stream()
                .map(GlobalSecondaryIndexDescription::indexName)
                .filter(name -> !expected.contains(name))
                .forEach(name -> additions.add("an index " + name));
        table.localSecondaryIndexes()
                .forEach(index -> additions.add("an index " + index.indexName()));
        if (table.streamSpecification() != null
                && Boolean.TRUE.equals(table.streamSpecification().streamEnabled())) {
            additions.add("a stream");
        }
        table.replicas().forEach(replica -> additions.add("a replica " + replica.regionName()));
        return additions;
    }

    /** Returns the names of Parley's indexes that may not contain all sessions yet. */
    static List<String> unfilledIndexes(TableDescription table) {
        return SessionTable.indexes().stream()
                .map(GlobalSecondaryIndex::indexName)
                .filter(name -> table.globalSecondaryIndexes().stream().noneMatch(isFilled(name)))
                .toList();
    }

    /** Returns whether the index is filled. In the status UPDATING, only its capacity changes. */
    private static Predicate<GlobalSecondaryIndexDescription> isFilled(String name) {
        return index ->
                name.equals(index.indexName())
                        && !Boolean.TRUE.equals(index.backfilling())
                        && (index.indexStatus() == IndexStatus.ACTIVE
                                || index.indexStatus() == IndexStatus.UPDATING);
    }

    private static boolean isOn(TimeToLiveDescription expiry) {
        return expiry.timeToLiveStatus() == TimeToLiveStatus.ENABLED
                || expiry.timeToLiveStatus() == TimeToLiveStatus.ENABLING;
    }

    private static void compare(
            List<String> differences, String subject, String actual, String wanted) {
        if (!actual.equals(wanted)) {
            differences.add("%s %s instead of %s".formatted(subject, actual, wanted));
        }
    }

    private static Map<String, String> types(List<AttributeDefinition> definitions) {
        return definitions.stream()
                .collect(
                        Collectors.toMap(
                                AttributeDefinition::attributeName,
                                definition -> definition.attributeTypeAsString()));
    }

    /** Returns the keys in the form {@code sessionId (S, HASH)}. */
    private static String keys(List<KeySchemaElement> keys, Map<String, String> types) {
        return keys.stream()
                .map(
                        key ->
                                "%s (%s, %s)"
                                        .formatted(
                                                key.attributeName(),
                                                types.get(key.attributeName()),
                                                key.keyTypeAsString()))
                .collect(Collectors.joining(" + "));
    }

    /**
     * Describes an index without {@link SessionTable#START_MOVES}. A table that was created before
     * its indexes had this attribute is sufficient, with one exception: a list may leave out a
     * session that a deletion moves up while the list is read.
     */
    private static String index(
            List<KeySchemaElement> keys, Projection projection, Map<String, String> types) {
        return keys(keys, types)
                + " projecting "
                + (projection.hasNonKeyAttributes()
                        ? projection.nonKeyAttributes().stream()
                                .filter(name -> !name.equals(SessionTable.START_MOVES))
                                .sorted()
                                .collect(Collectors.joining(", "))
                        : projection.projectionTypeAsString());
    }

    private static String billing(TableDescription table) {
        return table.billingModeSummary() == null
                ? BillingMode.PROVISIONED.toString()
                : table.billingModeSummary().billingModeAsString();
    }
}
