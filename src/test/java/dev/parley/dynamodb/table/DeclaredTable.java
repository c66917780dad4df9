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

/** A table that another tool creates, represented by the requests that create it. */
record DeclaredTable(
        CreateTableRequest creation,
        UpdateTimeToLiveRequest expiry,
        UpdateContinuousBackupsRequest backups) {

    /**
     * @param table the properties of {@code CreateTable}, and the specifications of the other two
     *     requests
     */
    static DeclaredTable of(ObjectNode table) {
        AllProperties source = new AllProperties(table);
        JsonNode expiry = source.take("TimeToLiveSpecification");
        JsonNode backups = source.take("PointInTimeRecoverySpecification");
        CreateTableRequest creation =
                RequestShape.fill(CreateTableRequest.builder(), source.object()).build();
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

    DeclaredTable withName(String name) {
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

    /** Creates the table without its backups, which DynamoDB Local does not support. */
    void create(DynamoDbAsyncClient client) {
        client.createTable(creation).join();
        try (DynamoDbAsyncWaiter waiter = client.waiter()) {
            waiter.waitUntilTableExists(r -> r.tableName(creation.tableName())).join();
        }
        client.updateTimeToLive(expiry).join();
    }
}
