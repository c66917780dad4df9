package dev.parley.dynamodb;

import dev.parley.session.SessionStoreException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
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
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * The requests that sessions need: on the configured table, with their time and their consumed
 * capacity counted, and their failures translated to {@link SessionStoreException}.
 */
@Startup // its metrics are there from the start, at zero
@ApplicationScoped
class DynamoDb {

    /** Whether a conditional write took place. */
    sealed interface Write {
        record Done() implements Write {}

        /**
         * The condition did not hold.
         *
         * @param found the item that stood in the way; empty if there is none, null if it was not
         *     told
         */
        record Conflict(@Nullable Map<String, AttributeValue> found) implements Write {}
    }

    /**
     * Pages that one BatchGetItem asks for, two to an item mostly, so that the answer stays small;
     * the limit is 100 keys and 16 MB (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">BatchGetItem</a>).
     */
    static final int BATCH = 48;

    /** When a request may be made. */
    interface Admission {
        <T> Uni<T> admit(Supplier<Uni<T>> request);
    }

    static final Write DONE = new Write.Done();

    private static final Admission AT_ONCE =
            new Admission() {
                @Override
                public <T> Uni<T> admit(Supplier<Uni<T>> request) {
                    return request.get();
                }
            };

    private final DynamoDbAsyncClient client;
    private final String table;
    private final RequestMetrics metrics;
    private final RequestSpans spans;
    private final Counter conflicts;
    private final Admission admission;

    @Inject
    DynamoDb(
            DynamoDbAsyncClient client,
            TableConfig config,
            MeterRegistry registry,
            OpenTelemetry telemetry) {
        this.client = client;
        this.table = config.name();
        this.admission = AT_ONCE;
        this.metrics = new RequestMetrics(registry);
        this.spans = new RequestSpans(telemetry, table);
        conflicts =
                Counter.builder("parley.dynamodb.conflicts")
                        .description("Conditional writes that met another state than expected")
                        .register(registry);
    }

    private DynamoDb(DynamoDb same, Admission admission) {
        this.client = same.client;
        this.table = same.table;
        this.metrics = same.metrics;
        this.spans = same.spans;
        this.conflicts = same.conflicts;
        this.admission = admission;
    }

    /** The same requests, made when they are admitted. */
    DynamoDb within(Admission admission) {
        return new DynamoDb(this, admission);
    }

    /** How long ago DynamoDB last did what it was asked for. */
    Duration sinceAnswer() {
        return metrics.sinceAnswer();
    }

    /** The item of that key; empty if there is none. */
    Uni<Map<String, AttributeValue>> get(String key, boolean consistent) {
        return call(
                        Operation.GET_ITEM,
                        () ->
                                client.getItem(
                                        r ->
                                                r.tableName(table)
                                                        .key(key(key))
                                                        .consistentRead(consistent)
                                                        .returnConsumedCapacity(
                                                                ReturnConsumedCapacity.TOTAL)))
                .invoke(
                        response ->
                                metrics.consumed(Operation.GET_ITEM, response.consumedCapacity()))
                .map(response -> response.item());
    }

    /**
     * The items of those keys, by key; those that are not there are left out.
     *
     * @param keys 100 at most
     */
    Uni<Map<String, Map<String, AttributeValue>>> get(Collection<String> keys, boolean consistent) {
        return get(keys, all -> all.consistentRead(consistent));
    }

    /**
     * The same, but only some attributes of them; the price is that of the whole items.
     *
     * @param attributes with {@link SessionTable#SESSION_ID}
     */
    Uni<Map<String, Map<String, AttributeValue>>> get(
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
        return call(
                        Operation.BATCH_GET_ITEM,
                        () ->
                                client.batchGetItem(
                                        r ->
                                                r.requestItems(keys)
                                                        .returnConsumedCapacity(
                                                                ReturnConsumedCapacity.TOTAL)))
                .invoke(
                        response ->
                                metrics.consumed(
                                        Operation.BATCH_GET_ITEM, response.consumedCapacity()));
    }

    /** Entries of an index, as many as one request gives. */
    Uni<QueryResponse> query(QueryRequest.Builder query) {
        return call(
                        Operation.QUERY,
                        () ->
                                client.query(
                                        query.tableName(table)
                                                .returnConsumedCapacity(
                                                        ReturnConsumedCapacity.TOTAL)
                                                .build()))
                .invoke(response -> metrics.consumed(Operation.QUERY, response.consumedCapacity()));
    }

    /** Does the conditional update. */
    Uni<Write> update(UpdateExpression update) {
        return call(
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
                                                        .returnValuesOnConditionCheckFailure(
                                                                ReturnValuesOnConditionCheckFailure
                                                                        .ALL_OLD)
                                                        .returnConsumedCapacity(
                                                                ReturnConsumedCapacity.TOTAL)))
                .invoke(
                        response ->
                                metrics.consumed(
                                        Operation.UPDATE_ITEM, response.consumedCapacity()))
                .<Write>map(response -> DONE)
                .onFailure(Conflicted.class)
                .recoverWithItem(this::conflict);
    }

    private Write conflict(Conflicted failure) {
        conflicts.increment();
        return failure.conflict;
    }

    /**
     * Writes pages that no head refers to yet, unless a head of a later version already made some
     * of that item. What is left of a former life of the session has expired and is no obstacle.
     *
     * @param version of the head that the pages are made from
     */
    Uni<Write> seal(PageItem.Change change, long version, Instant now) {
        return update(UpdateExpression.sealing(change, version, now));
    }

    /**
     * Does the conditional update and changes pages, all or nothing.
     *
     * @param token the same when the same is asked for again: for ten minutes DynamoDB then says
     *     that it is done if it was done before (<a
     *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html">TransactWriteItems</a>)
     */
    Uni<Write> update(UpdateExpression head, Collection<PageItem.Change> pages, String token) {
        List<TransactWriteItem> writes = new ArrayList<>();
        writes.add(transactional(head));
        for (PageItem.Change page : pages) {
            writes.add(transactional(UpdateExpression.unconditional(page.attributes())));
        }
        return call(
                        Operation.TRANSACT_WRITE_ITEMS,
                        () ->
                                client.transactWriteItems(
                                        r ->
                                                r.transactItems(writes)
                                                        .clientRequestToken(token)
                                                        .returnConsumedCapacity(
                                                                ReturnConsumedCapacity.TOTAL)))
                .invoke(r -> metrics.consumed(Operation.TRANSACT_WRITE_ITEMS, r.consumedCapacity()))
                .<Write>map(response -> DONE)
                .onFailure(Conflicted.class)
                .recoverWithItem(this::conflict);
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

    /** Deletes the item, if there is one. */
    Uni<Void> delete(String key) {
        return call(
                        Operation.DELETE_ITEM,
                        () ->
                                client.deleteItem(
                                        r ->
                                                r.tableName(table)
                                                        .key(key(key))
                                                        .returnConsumedCapacity(
                                                                ReturnConsumedCapacity.TOTAL)))
                .invoke(
                        response ->
                                metrics.consumed(
                                        Operation.DELETE_ITEM, response.consumedCapacity()))
                .replaceWithVoid();
    }

    /** Deletes them all, some at a time. */
    Uni<Void> deleteAll(Collection<String> keys) {
        return Multi.createFrom()
                .iterable(keys)
                .onItem()
                .transformToUni(this::delete)
                .merge(PageStore.CONCURRENCY)
                .collect()
                .asList()
                .replaceWithVoid();
    }

    static Map<String, AttributeValue> key(String sessionId) {
        return Map.of(SessionTable.SESSION_ID, Attributes.text(sessionId));
    }

    private <T> Uni<T> call(Operation operation, Supplier<? extends CompletionStage<T>> request) {
        return Uni.createFrom()
                .context(
                        subscription -> admitted(operation, RequestSpans.of(subscription), request))
                .onFailure()
                .transform(failure -> translated(DynamoDbFailures.cause(failure)));
    }

    private <T> Uni<T> admitted(
            Operation operation, Context trace, Supplier<? extends CompletionStage<T>> request) {
        return admission.admit(
                () ->
                        Uni.createFrom()
                                .completionStage(
                                        () ->
                                                metrics.timed(
                                                        operation,
                                                        () ->
                                                                spans.traced(
                                                                        operation, trace,
                                                                        request))));
    }

    private static RuntimeException translated(Throwable failure) {
        return switch (failure) {
            case ConditionalCheckFailedException check ->
                    new Conflicted(new Write.Conflict(check.item()));
            case TransactionConflictException met -> new Conflicted(new Write.Conflict(null));
            case TransactionCanceledException canceled -> translated(canceled);
            default -> DynamoDbFailures.translated(failure);
        };
    }

    /** The first reason is that of the conditional update. */
    private static RuntimeException translated(TransactionCanceledException canceled) {
        CancellationReason reason = canceled.cancellationReasons().getFirst();
        boolean met =
                canceled.cancellationReasons().stream()
                        .anyMatch(each -> "TransactionConflict".equals(each.code()));
        if ("ConditionalCheckFailed".equals(reason.code())) {
            return new Conflicted(new Write.Conflict(reason.item()));
        }
        return met
                ? new Conflicted(new Write.Conflict(null))
                : DynamoDbFailures.translated(canceled);
    }

    /** Not a failure to anyone outside: it becomes a {@link Write.Conflict}. */
    private static final class Conflicted extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Write.Conflict conflict;

        Conflicted(Write.Conflict conflict) {
            super(null, null, false, false);
            this.conflict = conflict;
        }
    }
}
