package dev.parley.dynamodb.client;

import static software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity.TOTAL;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.ItemChange;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.session.SessionStoreException;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.Startup;
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
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
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
     * The maximum number of pages that one BatchGetItem requests, so that the response stays small.
     * The limit of DynamoDB is 100 keys and 16 MB (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">BatchGetItem</a>).
     */
    public static final int BATCH = 48;

    /** The number of concurrent requests of one task that makes many requests. */
    public static final int CONCURRENCY = 8;

    private final DynamoDbAsyncClient client;
    private final TableConfig config;
    private final String table;
    private final Requests requests;
    private final ReadBatches reads;
    private final ReadBatches consistentReads;
    private final WriteBatches writes;

    @Inject
    public DynamoDb(
            DynamoDbAsyncClient client,
            TableConfig config,
            MeterRegistry registry,
            OpenTelemetry telemetry) {
        this(client, config, new Requests(config.name(), registry, telemetry));
    }

    private DynamoDb(DynamoDbAsyncClient client, TableConfig config, Requests requests) {
        this.client = client;
        this.config = config;
        this.table = config.name();
        this.requests = requests;
        this.reads = reads(false);
        this.consistentReads = reads(true);
        this.writes =
                new WriteBatches(
                        client, table, requests, config.requestsInFlight(), config.batchWrites());
    }

    private ReadBatches reads(boolean consistent) {
        return new ReadBatches(
                client, table, requests, consistent, config.requestsInFlight(), this::get);
    }

    /** Returns an instance that makes the same requests, each of them when it is admitted. */
    public DynamoDb within(ReadBulkhead admission) {
        return new DynamoDb(client, config, requests.within(admission));
    }

    /**
     * Returns an instance that makes the same requests, but processes the responses on the given
     * executor instead of the client's event loops.
     */
    public DynamoDb answering(Executor answers) {
        return new DynamoDb(client, config, requests.answering(answers));
    }

    /** Returns an instance that makes the same requests, but gathers them separately. */
    public DynamoDb gatheringSeparately() {
        return new DynamoDb(client, config, requests);
    }

    /**
     * Returns the time since the last successful request; at least one day if there was none yet.
     */
    public Duration sinceAnswer() {
        return requests.sinceAnswer();
    }

    /** Reads the item with the given key. The result is empty if there is no such item. */
    public Uni<Map<String, AttributeValue>> get(String key, boolean consistent) {
        return (consistent ? consistentReads : reads).get(key);
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
        return get(all.build());
    }

    private Uni<Map<String, Map<String, AttributeValue>>> get(KeysAndAttributes keys) {
        return new BatchGet(table, this::batchGet).items(keys);
    }

    private Uni<BatchGetItemResponse> batchGet(Map<String, KeysAndAttributes> keys) {
        BatchGetItemRequest request =
                BatchGetItemRequest.builder()
                        .requestItems(keys)
                        .returnConsumedCapacity(TOTAL)
                        .build();
        return requests.call(
                Operation.BATCH_GET_ITEM,
                keys.values().stream().mapToInt(each -> each.keys().size()).sum(),
                () -> client.batchGetItem(request),
                response -> RequestMetrics.units(response.consumedCapacity()));
    }

    /**
     * Queries an index with one request. The response may contain only some of the matching
     * entries.
     */
    public Uni<QueryResponse> query(QueryRequest.Builder query) {
        return requests.call(
                Operation.QUERY,
                1,
                () -> client.query(query.tableName(table).returnConsumedCapacity(TOTAL).build()),
                response -> RequestMetrics.units(response.consumedCapacity()));
    }

    /** Makes a conditional update of one item. */
    public Uni<WriteResult> update(ItemUpdate update) {
        return writes.update(update);
    }

    /**
     * Seals turns: writes a page or a part that no head refers to yet, or adds turns to the newest
     * page. An item of a later version of the head prevents the write. An expired page of a former
     * life of the session does not prevent that a new page is written.
     *
     * @param version the version of the head that the page was planned from
     * @param now a page that has expired by this time may be replaced
     */
    public Uni<WriteResult> seal(ItemChange change, long version, Instant now) {
        return writes.update(ItemUpdate.sealing(change, version, now));
    }

    /**
     * Makes a conditional update of a head and changes other items, in one transaction.
     *
     * @param token the same for each repetition of one request: if the first one has succeeded,
     *     DynamoDB reports success for ten minutes without writing again (<a
     *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html">TransactWriteItems</a>)
     */
    public Uni<WriteResult> update(ItemUpdate head, Collection<ItemChange> others, String token) {
        List<TransactWriteItem> writes = new ArrayList<>();
        writes.add(transactional(head));
        for (ItemChange other : others) {
            writes.add(transactional(ItemUpdate.unconditional(other)));
        }
        return requests.conditional(
                Operation.TRANSACT_WRITE_ITEMS,
                writes.size(),
                () ->
                        client.transactWriteItems(
                                r ->
                                        r.transactItems(writes)
                                                .clientRequestToken(token)
                                                .returnConsumedCapacity(TOTAL)),
                response -> RequestMetrics.units(response.consumedCapacity()));
    }

    private TransactWriteItem transactional(ItemUpdate update) {
        UpdateExpression expression = UpdateExpression.of(update);
        return TransactWriteItem.builder()
                .update(
                        u ->
                                u.tableName(table)
                                        .key(key(update.key()))
                                        .updateExpression(expression.update())
                                        .conditionExpression(expression.condition())
                                        .expressionAttributeNames(expression.names())
                                        .expressionAttributeValues(expression.values())
                                        .returnValuesOnConditionCheckFailure(
                                                ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .build();
    }

    /**
     * Removes all turns from an item of pages, or the text from a part, unless a later version of
     * the head has written it. The item itself stays until it expires, or is written again. So a
     * request that is still in progress can't write former turns into it, because the condition of
     * that request has a lower version. Fails with {@link SessionStoreException.Unavailable} if the
     * update conflicts with a transaction.
     *
     * @return whether the item exists, with this version, and is empty
     */
    public Uni<Boolean> empty(String key, long version) {
        return update(ItemUpdate.emptying(key, version)).map(DynamoDb::isEmptied);
    }

    /** Removes the values from the item of a profile, unless its version has changed. */
    public Uni<Void> emptyProfile(String key, long version) {
        return update(ItemUpdate.emptyingProfile(key, version))
                .map(DynamoDb::isEmptied)
                .replaceWithVoid();
    }

    private static boolean isEmptied(WriteResult write) {
        if (write instanceof WriteResult.Conflict conflict && conflict.found() == null) {
            throw new SessionStoreException.Unavailable("an erasure conflicted with a transaction");
        }
        return write instanceof WriteResult.Done;
    }

    public static Map<String, AttributeValue> key(String sessionId) {
        return Map.of(SessionTable.SESSION_ID, Attributes.text(sessionId));
    }
}
