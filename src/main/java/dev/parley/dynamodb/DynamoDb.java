package dev.parley.dynamodb;

import dev.parley.session.SessionStoreException;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The requests that sessions need: on the configured table, with their consumed capacity counted
 * and their failures translated to {@link SessionStoreException}.
 */
@ApplicationScoped
class DynamoDb {

    /** Whether a conditional write took place. */
    sealed interface Write {
        record Done() implements Write {}

        /**
         * The condition did not hold.
         *
         * @param found the item that stood in the way; empty if there is none
         */
        record Conflict(Map<String, AttributeValue> found) implements Write {}
    }

    private static final Write DONE = new Write.Done();

    private final DynamoDbAsyncClient client;
    private final String table;
    private final MeterRegistry metrics;

    DynamoDb(DynamoDbAsyncClient client, TableConfig config, MeterRegistry metrics) {
        this.client = client;
        this.table = config.name();
        this.metrics = metrics;
        for (String operation : List.of("GetItem", "UpdateItem")) {
            count(operation, 0);
        }
    }

    /** The item of that key; empty if there is none. */
    Uni<Map<String, AttributeValue>> get(String sessionId, boolean consistent) {
        return Uni.createFrom()
                .completionStage(
                        () ->
                                client.getItem(
                                        GetItemRequest.builder()
                                                .tableName(table)
                                                .key(key(sessionId))
                                                .consistentRead(consistent)
                                                .returnConsumedCapacity(
                                                        ReturnConsumedCapacity.TOTAL)
                                                .build()))
                .invoke(response -> count("GetItem", response.consumedCapacity()))
                .map(response -> response.item())
                .onFailure()
                .transform(DynamoDb::translated);
    }

    /** Does the conditional update. */
    Uni<Write> update(UpdateItemRequest.Builder update) {
        UpdateItemRequest request =
                update.tableName(table)
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
        return Uni.createFrom()
                .completionStage(() -> client.updateItem(request))
                .invoke(response -> count("UpdateItem", response.consumedCapacity()))
                .<Write>map(response -> DONE)
                .onFailure(failure -> cause(failure) instanceof ConditionalCheckFailedException)
                .recoverWithItem(
                        failure ->
                                new Write.Conflict(
                                        ((ConditionalCheckFailedException) cause(failure)).item()))
                .onFailure()
                .transform(DynamoDb::translated);
    }

    static Map<String, AttributeValue> key(String sessionId) {
        return Map.of(SessionTable.SESSION_ID, Attributes.text(sessionId));
    }

    private void count(String operation, ConsumedCapacity consumed) {
        count(
                operation,
                Optional.ofNullable(consumed).map(ConsumedCapacity::capacityUnits).orElse(0.0));
    }

    private void count(String operation, double units) {
        metrics.counter(
                        "parley.dynamodb.capacity.units",
                        "operation",
                        operation,
                        "kind",
                        operation.equals("GetItem") ? "read" : "write")
                .increment(units);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    /** Everything may succeed later but what DynamoDB calls invalid. */
    private static SessionStoreException translated(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof DynamoDbException refusal
                        && "ValidationException".equals(refusal.awsErrorDetails().errorCode())
                ? new SessionStoreException.Refused("DynamoDB calls the request invalid", cause)
                : new SessionStoreException.Unavailable(
                        "DynamoDB did not serve the request: " + cause.getClass().getSimpleName(),
                        cause);
    }
}
