package dev.parley.dynamodb.client;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.session.SessionStoreException;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/** Deletes items of pages, each on the condition that no later version of the head needs it. */
final class Deletions {

    private static final String UNLESS_NEWER =
            "attribute_not_exists(#sealed) OR #sealed <= :version";

    private final DynamoDbAsyncClient client;
    private final String table;
    private final Requests requests;

    Deletions(DynamoDbAsyncClient client, String table, Requests requests) {
        this.client = client;
        this.table = table;
        this.requests = requests;
    }

    /** Deletes an item of pages. The result is whether it is deleted. */
    Uni<Boolean> delete(String key, long version) {
        return requests.conditional(
                        Operation.DELETE_ITEM,
                        1,
                        () ->
                                client.deleteItem(
                                        r ->
                                                r.tableName(table)
                                                        .key(DynamoDb.key(key))
                                                        .conditionExpression(UNLESS_NEWER)
                                                        .expressionAttributeNames(
                                                                Map.of(
                                                                        "#sealed",
                                                                        SessionTable
                                                                                .SEALED_AT_VERSION))
                                                        .expressionAttributeValues(
                                                                Map.of(
                                                                        ":version",
                                                                        Attributes.number(version)))
                                                        .returnConsumedCapacity(
                                                                ReturnConsumedCapacity.TOTAL)),
                        response -> RequestMetrics.units(response.consumedCapacity()))
                .map(Deletions::isErased);
    }

    /**
     * Returns whether the write was made; false if a later version of the head needs the item.
     *
     * @throws SessionStoreException.Unavailable if the write conflicted with a transaction
     */
    static boolean isErased(WriteResult write) {
        if (write instanceof WriteResult.Conflict conflict && conflict.found() == null) {
            throw new SessionStoreException.Unavailable("an erasure conflicted with a transaction");
        }
        return write instanceof WriteResult.Done;
    }
}
