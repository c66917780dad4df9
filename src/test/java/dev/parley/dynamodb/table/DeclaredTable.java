package dev.parley.dynamodb.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.dynamodb.AllProperties;
import dev.parley.dynamodb.RequestShape;
import java.util.List;
import java.util.SortedMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoverySpecification;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveSpecification;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbAsyncWaiter;

/** A table that someone else makes, as the requests that make it. */
record DeclaredTable(
        CreateTableRequest creation,
        UpdateTimeToLiveRequest expiry,
        UpdateContinuousBackupsRequest backups) {

    /**
     * @param table what {@code CreateTable} takes, and the specifications of the other two requests
     */
    static DeclaredTable of(ObjectNode table) {
        AllProperties words = new AllProperties(table);
        JsonNode expiry = words.take("TimeToLiveSpecification");
        JsonNode backups = words.take("PointInTimeRecoverySpecification");
        CreateTableRequest creation =
                RequestShape.fill(CreateTableRequest.builder(), words.object()).build();
        return new DeclaredTable(
                creation,
                UpdateTimeToLiveRequest.builder()
                        .tableName(creation.tableName())
                        .timeToLiveSpecification(
                                RequestShape.fill(TimeToLiveSpecification.builder(), expiry)
                                        .build())
                        .build(),
                UpdateContinuousBackupsRequest.builder()
                        .tableName(creation.tableName())
                        .pointInTimeRecoverySpecification(
                                RequestShape.fill(
                                                PointInTimeRecoverySpecification.builder(), backups)
                                        .build())
                        .build());
    }

    DeclaredTable named(String name) {
        return new DeclaredTable(
                creation.toBuilder().tableName(name).build(),
                expiry.toBuilder().tableName(name).build(),
                backups.toBuilder().tableName(name).build());
    }

    List<DynamoDbRequest> requests() {
        return List.of(creation, expiry, backups);
    }

    SortedMap<String, String> properties() {
        return RequestShape.properties(requests());
    }

    /** Makes it, but for the backups, of which DynamoDB Local knows nothing. */
    void make(DynamoDbAsyncClient client) {
        client.createTable(creation).join();
        try (DynamoDbAsyncWaiter waiter = client.waiter()) {
            waiter.waitUntilTableExists(r -> r.tableName(creation.tableName())).join();
        }
        client.updateTimeToLive(expiry).join();
    }
}
