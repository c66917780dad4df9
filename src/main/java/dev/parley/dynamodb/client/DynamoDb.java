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
 * The requests that sessions need: on the configured table, with their time and their consumed
 * capacity counted, and their failures translated to {@link SessionStoreException}.
 */
@Startup // its metrics are there from the start, at zero
@ApplicationScoped
public class DynamoDb {

    /** Whether a conditional write took place. */
    public sealed interface Write {
        /**
         * It did.
         *
         * @param replaced whether new pages came in the place of what someone who died had left
         */
        record Done(boolean replaced) implements Write {}

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
    public static final int BATCH = 48;

    /** Requests at a time where one task makes many. */
    public static final int CONCURRENCY = 8;

    /** When a request may be made. */
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

    /** The same requests, made when they are admitted. */
    public DynamoDb within(Admission admission) {
        return new DynamoDb(this, admission, answers);
    }

    /** The same requests, whose answers are worked on by others than the client's event loops. */
    public DynamoDb answering(Executor answers) {
        return new DynamoDb(this, admission, answers);
    }

    /** How long ago DynamoDB last did what it was asked for. */
    public Duration sinceAnswer() {
        return metrics.sinceAnswer();
    }

    /** The item of that key; empty if there is none. */
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
     * The items of those keys, by key; those that are not there are left out.
     *
     * @param keys 100 at most
     */
    public Uni<Map<String, Map<String, AttributeValue>>> get(
            Collection<String> keys, boolean consistent) {
        return get(keys, all -> all.consistentRead(consistent));
    }

    /**
     * The same, but only some attributes of them; the price is that of the whole items.
     *
     * @param attributes with {@link SessionTable#SESSION_ID}
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

    /** Entries of an index, as many as one request gives. */
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

    /** Does the conditional update. */
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
     * Writes pages that no head refers to yet, unless a head of a later version already made some
     * of that item. What is left of a former life of the session has expired and is no obstacle.
     *
     * @param version of the head that the pages are made from
     */
    public Uni<Write> seal(PageItem.Change change, long version, Instant now) {
        return update(UpdateExpression.sealing(change, version, now), ReturnValue.UPDATED_OLD);
    }

    /**
     * Does the conditional update and changes pages, all or nothing.
     *
     * @param token the same when the same is asked for again: for ten minutes DynamoDB then says
     *     that it is done if it was done before (<a
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
     * Deletes pages, unless a head of a later version has written them.
     *
     * @return whether they are gone
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
     * Deletes items of new pages in the same way, some at a time. One that names splits stays: it
     * had a page before, and whoever erases that goes by it.
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
     * A write that may meet another state than it expects, which is no failure. Every other request
     * goes by {@link #call}: there, what a write would plan from anew is a failure that may pass.
     *
     * @param done takes the consumed capacity, and says what was written
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
