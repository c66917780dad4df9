package dev.parley.dynamodb.client;

import static software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity.TOTAL;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.session.SessionStoreException;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Makes the DynamoDB requests that sessions need, on the configured table. It records the duration
 * and the consumed capacity of each request, and translates failures to {@link
 * SessionStoreException}.
 */
@Startup // registers its metrics at start, with the value zero
@ApplicationScoped
public class DynamoDb {

    /**
     * The maximum number of pages that one BatchGetItem requests. Most items have two pages, so the
     * response stays small. The limit of DynamoDB is 100 keys and 16 MB (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">BatchGetItem</a>).
     */
    public static final int BATCH = 48;

    /** The number of concurrent requests of one task that makes many requests. */
    public static final int CONCURRENCY = 8;

    private final DynamoDbAsyncClient client;
    private final String table;
    private final Requests requests;
    private final RequestMetrics metrics;
    private final Deletions deletions;

    @Inject
    public DynamoDb(
            DynamoDbAsyncClient client,
            TableConfig config,
            MeterRegistry registry,
            OpenTelemetry telemetry) {
        this(client, config.name(), new Requests(config.name(), registry, telemetry));
    }

    private DynamoDb(DynamoDbAsyncClient client, String table, Requests requests) {
        this.client = client;
        this.table = table;
        this.requests = requests;
        this.metrics = requests.metrics;
        this.deletions = new Deletions(client, table, requests);
    }

    /** Returns an instance that makes the same requests, each of them when it is admitted. */
    public DynamoDb within(ReadBulkhead admission) {
        return new DynamoDb(client, table, requests.within(admission));
    }

    /**
     * Returns an instance that makes the same requests, but processes the responses on the given
     * executor instead of the client's event loops.
     */
    public DynamoDb answering(Executor answers) {
        return new DynamoDb(client, table, requests.answering(answers));
    }

    /**
     * Returns the time since the last successful request; at least one day if there was none yet.
     */
    public Duration sinceAnswer() {
        return metrics.sinceAnswer();
    }

    /** Reads the item with the given key. The result is empty if there is no such item. */
    public Uni<Map<String, AttributeValue>> get(String key, boolean consistent) {
        return requests.call(
                        Operation.GET_ITEM,
                        () ->
                                client.getItem(
                                        r ->
                                                r.tableName(table)
                                                        .key(key(key))
                                                        .consistentRead(consistent)
                                                        .returnConsumedCapacity(TOTAL)))
                .invoke(
                        response ->
                                metrics.consumed(Operation.GET_ITEM, response.consumedCapacity()))
                .map(response -> response.item());
    }

    /**
     * Reads items and returns them by key. Keys without an item are missing from the result.
     *
     * @param keys 100 at most
     */
    public Uni<Map<String, Map<String, AttributeValue>>> get(
            Collection<String> keys, boolean consistent) {
        return get(keys, all -> all.consistentRead(consistent));
    }

    /**
     * Reads some attributes of items and returns them by key. The consumed capacity is that of the
     * whole items.
     *
     * @param attributes names of the attributes; they must include {@link SessionTable#SESSION_ID}
     */
    public Uni<Map<String, Map<String, AttributeValue>>> get(
            Collection<String> keys, boolean consistent, Collection<String> attributes) {
        return get(
                keys,
                all ->
                        all.consistentRead(consistent)
                                .projectionExpression(
                                        attributes.stream()
                                                .map(name -> "#" + name)
                                                .collect(Collectors.joining(", ")))
                                .expressionAttributeNames(
                                        attributes.stream()
                                                .collect(
                                                        Collectors.toMap(
                                                                name -> "#" + name,
                                                                name -> name))));
    }

    private Uni<Map<String, Map<String, AttributeValue>>> get(
            Collection<String> keys, Consumer<KeysAndAttributes.Builder> how) {
        KeysAndAttributes.Builder all =
                KeysAndAttributes.builder().keys(keys.stream().map(DynamoDb::key).toList());
        how.accept(all);
        return new BatchGet(table, this::batchGet).items(all.build());
    }

    private Uni<BatchGetItemResponse> batchGet(Map<String, KeysAndAttributes> keys) {
        return requests.call(
                        Operation.BATCH_GET_ITEM,
                        () ->
                                client.batchGetItem(
                                        r -> r.requestItems(keys).returnConsumedCapacity(TOTAL)))
                .invoke(
                        response ->
                                metrics.consumed(
                                        Operation.BATCH_GET_ITEM, response.consumedCapacity()));
    }

    /**
     * Queries an index with one request. The response may contain only some of the matching
     * entries.
     */
    public Uni<QueryResponse> query(QueryRequest.Builder query) {
        return requests.call(
                        Operation.QUERY,
                        () ->
                                client.query(
                                        query.tableName(table)
                                                .returnConsumedCapacity(TOTAL)
                                                .build()))
                .invoke(response -> metrics.consumed(Operation.QUERY, response.consumedCapacity()));
    }

    /** Makes a conditional update of one item. */
    public Uni<WriteResult> update(UpdateExpression update) {
        return update(update, ReturnValue.NONE);
    }

    private Uni<WriteResult> update(UpdateExpression update, ReturnValue former) {
        return requests.conditional(
                Operation.UPDATE_ITEM,
                () ->
                        client.updateItem(
                                r ->
                                        r.tableName(table)
                                                .key(update.key())
                                                .updateExpression(update.update())
                                                .conditionExpression(update.condition())
                                                .expressionAttributeNames(update.names())
                                                .expressionAttributeValues(update.values())
                                                .returnValues(former)
                                                .returnValuesOnConditionCheckFailure(
                                                        ReturnValuesOnConditionCheckFailure.ALL_OLD)
                                                .returnConsumedCapacity(TOTAL)),
                response -> {
                    metrics.consumed(Operation.UPDATE_ITEM, response.consumedCapacity());
                    return new WriteResult.Done(PageItem.hasPage(response.attributes()));
                });
    }

    /**
     * Writes pages that no head refers to yet, unless a later version of the head has already
     * written pages into the same item. Expired pages of a former life of the session do not
     * prevent the write.
     *
     * @param version the version of the head that the pages were planned from
     * @param now pages that have expired by this time may be overwritten
     */
    public Uni<WriteResult> seal(PageItem.Change change, long version, Instant now) {
        return update(UpdateExpression.sealing(change, version, now), ReturnValue.UPDATED_OLD);
    }

    /**
     * Makes a conditional update of a head and changes pages, in one transaction.
     *
     * @param token the same for each repetition of one request: if the first one has succeeded,
     *     DynamoDB reports success for ten minutes without writing again (<a
     *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html">TransactWriteItems</a>)
     */
    public Uni<WriteResult> update(
            UpdateExpression head, Collection<PageItem.Change> pages, String token) {
        List<TransactWriteItem> writes = new ArrayList<>();
        writes.add(transactional(head));
        for (PageItem.Change page : pages) {
            writes.add(transactional(UpdateExpression.unconditional(page.attributes())));
        }
        return requests.conditional(
                Operation.TRANSACT_WRITE_ITEMS,
                () ->
                        client.transactWriteItems(
                                r ->
                                        r.transactItems(writes)
                                                .clientRequestToken(token)
                                                .returnConsumedCapacity(TOTAL)),
                response -> {
                    metrics.consumed(Operation.TRANSACT_WRITE_ITEMS, response.consumedCapacity());
                    return WriteResult.DONE;
                });
    }

    private TransactWriteItem transactional(UpdateExpression update) {
        return TransactWriteItem.builder()
                .update(
                        u ->
                                u.tableName(table)
                                        .key(update.key())
                                        .updateExpression(update.update())
                                        .conditionExpression(update.condition())
                                        .expressionAttributeNames(update.names())
                                        .expressionAttributeValues(update.values())
                                        .returnValuesOnConditionCheckFailure(
                                                ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .build();
    }

    /**
     * Deletes an item of pages, unless a later version of the head has written it. Fails with
     * {@link SessionStoreException.Unavailable} if the deletion conflicts with a transaction.
     *
     * @return whether the item is deleted
     */
    public Uni<Boolean> delete(String key, long version) {
        return deletions.delete(key, version);
    }

    /**
     * Deletes items of new pages, unless a later version of the head has written them. It makes
     * {@value #CONCURRENCY} requests at a time. An item with a number of splits is kept: it
     * contained a page before, and the erasure of that page needs the number to find the splits.
     */
    public Uni<Void> deleteOrphans(Collection<String> keys, long version) {
        return Multi.createFrom()
                .iterable(keys)
                .onItem()
                .transformToUni(key -> deletions.deleteUnlessSplit(key, version))
                .merge(CONCURRENCY)
                .collect()
                .asList()
                .replaceWithVoid();
    }

    public static Map<String, AttributeValue> key(String sessionId) {
        return Map.of(SessionTable.SESSION_ID, Attributes.text(sessionId));
    }
}
