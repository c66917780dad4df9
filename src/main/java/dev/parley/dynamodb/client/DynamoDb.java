package dev.parley.dynamodb.client;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TableConfig;
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
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
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

    /** The result of a conditional write. */
    public sealed interface Write {
        /**
         * The write was made.
         *
         * @param replaced whether new pages replaced pages that a crashed writer had left in their
         *     item
         */
        record Done(boolean replaced) implements Write {}

        /**
         * The write was not made, because its condition was false.
         *
         * @param found the stored item; empty if there is none, null if DynamoDB did not return it
         */
        record Conflict(@Nullable Map<String, AttributeValue> found) implements Write {}
    }

    /**
     * The maximum number of pages that one BatchGetItem requests. Most items have two pages, so the
     * response stays small. The limit of DynamoDB is 100 keys and 16 MB (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">BatchGetItem</a>).
     */
    public static final int BATCH = 48;

    /** The number of concurrent requests of one task that makes many requests. */
    public static final int CONCURRENCY = 8;

    /** Decides when a request may be made. */
    interface Admission {
        <T> Uni<T> admit(Supplier<Uni<T>> request);
    }

    public static final Write.Done DONE = new Write.Done(false);

    private static final String UNLESS_NEWER =
            "attribute_not_exists(#sealed) OR #sealed <= :version";

    private static final String UNLESS_SPLIT =
            "attribute_not_exists(#splits) AND attribute_not_exists(#more)";

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
    private final Executor answers;

    @Inject
    public DynamoDb(
            DynamoDbAsyncClient client,
            TableConfig config,
            MeterRegistry registry,
            OpenTelemetry telemetry) {
        this.client = client;
        this.table = config.name();
        this.admission = AT_ONCE;
        this.answers = Runnable::run;
        this.metrics = new RequestMetrics(registry);
        this.spans = new RequestSpans(telemetry, table);
        conflicts =
                Counter.builder("parley.dynamodb.conflicts")
                        .description("Conditional writes that met another state than expected")
                        .register(registry);
    }

    private DynamoDb(DynamoDb same, Admission admission, Executor answers) {
        this.client = same.client;
        this.table = same.table;
        this.metrics = same.metrics;
        this.spans = same.spans;
        this.conflicts = same.conflicts;
        this.admission = admission;
        this.answers = answers;
    }

    /** Returns an instance that makes the same requests, each of them when it is admitted. */
    public DynamoDb within(Admission admission) {
        return new DynamoDb(this, admission, answers);
    }

    /**
     * Returns an instance that makes the same requests, but processes the responses on the given
     * executor instead of the client's event loops.
     */
    public DynamoDb answering(Executor answers) {
        return new DynamoDb(this, admission, answers);
    }

    /**
     * Returns the time since the last successful request; at least one day if there was none yet.
     */
    public Duration sinceAnswer() {
        return metrics.sinceAnswer();
    }

    /** Reads the item with the given key. The result is empty if there is no such item. */
    public Uni<Map<String, AttributeValue>> get(String key, boolean consistent) {
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

    /**
     * Queries an index with one request. The response may contain only some of the matching
     * entries.
     */
    public Uni<QueryResponse> query(QueryRequest.Builder query) {
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

    /** Makes a conditional update of one item. */
    public Uni<Write> update(UpdateExpression update) {
        return update(update, ReturnValue.NONE);
    }

    private Uni<Write> update(UpdateExpression update, ReturnValue former) {
        return conditional(
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
                                                .returnConsumedCapacity(
                                                        ReturnConsumedCapacity.TOTAL)),
                response -> {
                    metrics.consumed(Operation.UPDATE_ITEM, response.consumedCapacity());
                    return new Write.Done(PageItem.hasPage(response.attributes()));
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
    public Uni<Write> seal(PageItem.Change change, long version, Instant now) {
        return update(UpdateExpression.sealing(change, version, now), ReturnValue.UPDATED_OLD);
    }

    /**
     * Makes a conditional update of a head and changes pages, in one transaction.
     *
     * @param token the same for each repetition of one request: if the first one has succeeded,
     *     DynamoDB reports success for ten minutes without writing again (<a
     *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html">TransactWriteItems</a>)
     */
    public Uni<Write> update(
            UpdateExpression head, Collection<PageItem.Change> pages, String token) {
        List<TransactWriteItem> writes = new ArrayList<>();
        writes.add(transactional(head));
        for (PageItem.Change page : pages) {
            writes.add(transactional(UpdateExpression.unconditional(page.attributes())));
        }
        return conditional(
                Operation.TRANSACT_WRITE_ITEMS,
                () ->
                        client.transactWriteItems(
                                r ->
                                        r.transactItems(writes)
                                                .clientRequestToken(token)
                                                .returnConsumedCapacity(
                                                        ReturnConsumedCapacity.TOTAL)),
                response -> {
                    metrics.consumed(Operation.TRANSACT_WRITE_ITEMS, response.consumedCapacity());
                    return DONE;
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
        return delete(
                key, version, UNLESS_NEWER, Map.of("#sealed", SessionTable.SEALED_AT_VERSION));
    }

    private Uni<Boolean> deleteOrphan(String key, long version) {
        return delete(
                key,
                version,
                "(" + UNLESS_NEWER + ") AND " + UNLESS_SPLIT,
                Map.of(
                        "#sealed", SessionTable.SEALED_AT_VERSION,
                        "#splits", SessionTable.SPLITS,
                        "#more", SessionTable.MORE_SPLITS));
    }

    private Uni<Boolean> delete(
            String key, long version, String condition, Map<String, String> names) {
        return conditional(
                        Operation.DELETE_ITEM,
                        () ->
                                client.deleteItem(
                                        r ->
                                                r.tableName(table)
                                                        .key(key(key))
                                                        .conditionExpression(condition)
                                                        .expressionAttributeNames(names)
                                                        .expressionAttributeValues(
                                                                Map.of(
                                                                        ":version",
                                                                        Attributes.number(version)))
                                                        .returnConsumedCapacity(
                                                                ReturnConsumedCapacity.TOTAL)),
                        response -> {
                            metrics.consumed(Operation.DELETE_ITEM, response.consumedCapacity());
                            return DONE;
                        })
                .map(DynamoDb::isGone);
    }

    private static boolean isGone(Write deletion) {
        if (deletion instanceof Write.Conflict conflict && conflict.found() == null) {
            throw new SessionStoreException.Unavailable("a deletion met a transaction");
        }
        return deletion instanceof Write.Done;
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
                .transformToUni(key -> deleteOrphan(key, version))
                .merge(CONCURRENCY)
                .collect()
                .asList()
                .replaceWithVoid();
    }

    public static Map<String, AttributeValue> key(String sessionId) {
        return Map.of(SessionTable.SESSION_ID, Attributes.text(sessionId));
    }

    private <T> Uni<T> call(Operation operation, Supplier<? extends CompletionStage<T>> request) {
        return asked(operation, request).onFailure().transform(DynamoDbFailures::translated);
    }

    /**
     * Makes a conditional write. A false condition is a result here and not a failure. Every other
     * request uses {@link #call}, which translates the same error to a temporary failure.
     *
     * @param done records the consumed capacity, and returns what was written
     */
    private <T> Uni<Write> conditional(
            Operation operation,
            Supplier<? extends CompletionStage<T>> request,
            Function<T, Write.Done> done) {
        return asked(operation, request)
                .<Write>map(done)
                .onFailure()
                .recoverWithUni(failure -> conflictOrFailure(failure));
    }

    private Uni<Write> conflictOrFailure(Throwable failure) {
        Optional<Write.Conflict> conflict = DynamoDbFailures.conflict(failure);
        conflict.ifPresent(met -> conflicts.increment());
        return conflict.map(met -> Uni.createFrom().<Write>item(met))
                .orElseGet(
                        () -> Uni.createFrom().failure(() -> DynamoDbFailures.translated(failure)));
    }

    private <T> Uni<T> asked(Operation operation, Supplier<? extends CompletionStage<T>> request) {
        return Uni.createFrom()
                .context(
                        subscription -> admitted(operation, RequestSpans.of(subscription), request))
                .emitOn(answers);
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
}
