package dev.parley.dynamodb.client;

import static software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity.TOTAL;

import dev.parley.session.SessionStoreException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementError;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Makes conditional updates of single items. Updates that are requested at the same time share a
 * BatchExecuteStatement, the only request of DynamoDB that carries several conditional writes
 * without being a transaction: each statement succeeds or fails by itself. An update alone is an
 * UpdateItem.
 *
 * <p>A batch decides only what it can decide: that an update was made, that its condition was
 * false, and that it may succeed later. Everything else is decided by an UpdateItem with the same
 * update: whether an item is in an unusual state, and whether an update can never succeed. So a
 * batch never makes an update fail for good.
 *
 * <p>A request that fails as a whole may have made any of its updates. Their callers recognise
 * their own writes when they try again.
 */
final class WriteBatches {

    private static final Logger LOG = Logger.getLogger(WriteBatches.class);

    /**
     * DynamoDB's limit (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html">BatchExecuteStatement</a>).
     */
    private static final int MAX_STATEMENTS = 25;

    /**
     * The maximum number of bytes in a batch, so that one with large items doesn't take longer than
     * the timeout of a request. DynamoDB documents no limit of its own for a batch of statements;
     * the limit of other requests is 16 MB.
     */
    private static final int MAX_BYTES = 1 << 20;

    /** The number of writes in flight if each of them is a request of its own. */
    private static final int SINGLE_WRITES = 16;

    /** How long no batch is sent after DynamoDB has denied the permission for one. */
    private static final Duration PAUSE_AFTER_DENIAL = Duration.ofMinutes(10);

    private final DynamoDbAsyncClient client;
    private final String table;
    private final Requests requests;
    private final boolean batches;
    private final AtomicBoolean warned = new AtomicBoolean();
    private final StatementUnits units = new StatementUnits();
    private final Gatherer<Caller<ItemUpdate, WriteResult>, List<Caller<ItemUpdate, WriteResult>>>
            gatherer;

    private volatile long deniedAt = System.nanoTime() - PAUSE_AFTER_DENIAL.toNanos();

    /**
     * @param inFlight the number of requests in flight before further updates are gathered
     * @param batches whether there may be batches; if not, each update is an UpdateItem
     */
    WriteBatches(
            DynamoDbAsyncClient client,
            String table,
            Requests requests,
            int inFlight,
            boolean batches) {
        this.client = client;
        this.table = table;
        this.requests = requests;
        this.batches = batches;
        this.gatherer =
                new Gatherer<>(() -> mayBatch() ? inFlight : SINGLE_WRITES, this::next, this::send);
    }

    /** Makes the update, unless its condition is false. */
    Uni<WriteResult> update(ItemUpdate update) {
        return Caller.waiting(update, update.bytes(), requests, gatherer::add);
    }

    private List<Caller<ItemUpdate, WriteResult>> next(
            Deque<Caller<ItemUpdate, WriteResult>> waiting) {
        List<Caller<ItemUpdate, WriteResult>> batch = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        int bytes = 0;
        int maxStatements = mayBatch() ? MAX_STATEMENTS : 1;
        while (!waiting.isEmpty() && batch.size() < maxStatements) {
            ItemUpdate update = waiting.getFirst().request();
            bytes += waiting.getFirst().bytes();
            // DynamoDB refuses a batch with two statements for one item.
            if (!batch.isEmpty() && (bytes > MAX_BYTES || keys.contains(update.key()))) {
                break;
            }
            keys.add(update.key());
            batch.add(waiting.removeFirst());
        }
        return batch;
    }

    private Uni<Void> send(List<Caller<ItemUpdate, WriteResult>> batch) {
        return batch.size() == 1 ? sendAlone(batch.getFirst()) : sendTogether(batch);
    }

    private boolean mayBatch() {
        return batches && System.nanoTime() - deniedAt >= PAUSE_AFTER_DENIAL.toNanos();
    }

    /** Makes an update with a request of its own. Completes in any case, after its caller has. */
    private Uni<Void> sendAlone(Caller<ItemUpdate, WriteResult> caller) {
        Uni<UpdateItemResponse> sent =
                requests.shared(
                        Operation.UPDATE_ITEM,
                        List.of(caller),
                        1,
                        () -> client.updateItem(updateItem(caller.request())),
                        response -> RequestMetrics.units(response.consumedCapacity()));
        return requests.result(sent)
                .invoke(caller::complete)
                .onFailure()
                .invoke(caller::fail)
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private UpdateItemRequest updateItem(ItemUpdate update) {
        UpdateExpression expression = UpdateExpression.of(update);
        return UpdateItemRequest.builder()
                .tableName(table)
                .key(DynamoDb.key(update.key()))
                .updateExpression(expression.update())
                .conditionExpression(expression.condition())
                .expressionAttributeNames(expression.names())
                .expressionAttributeValues(expression.values())
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .returnConsumedCapacity(TOTAL)
                .build();
    }

    private Uni<Void> sendTogether(List<Caller<ItemUpdate, WriteResult>> batch) {
        List<ItemUpdate> updates = batch.stream().map(Caller::request).toList();
        return requests.shared(
                        Operation.BATCH_EXECUTE_STATEMENT,
                        batch,
                        batch.size(),
                        () -> client.batchExecuteStatement(batchExecuteStatement(updates)),
                        response -> units.of(updates, response))
                .invoke(response -> answer(batch, response))
                .onFailure()
                .invoke(failure -> failed(batch, failure))
                .replaceWithVoid();
    }

    private BatchExecuteStatementRequest batchExecuteStatement(List<ItemUpdate> updates) {
        return BatchExecuteStatementRequest.builder()
                .statements(
                        updates.stream()
                                .map(each -> Statement.of(table, each, units.needsOldItem(each)))
                                .toList())
                .returnConsumedCapacity(TOTAL)
                .build();
    }

    private void answer(
            List<Caller<ItemUpdate, WriteResult>> batch, BatchExecuteStatementResponse response) {
        List<BatchStatementResponse> outcomes = response.responses();
        for (int i = 0; i < batch.size(); i++) {
            answer(batch.get(i), outcomes.get(i));
        }
    }

    private void answer(Caller<ItemUpdate, WriteResult> caller, BatchStatementResponse outcome) {
        BatchStatementError error = outcome.error();
        if (error == null) {
            caller.complete(WriteResult.DONE);
            return;
        }
        switch (error.code()) {
            case CONDITIONAL_CHECK_FAILED -> {
                if (caller.request().isUsualTheCondition()) {
                    caller.complete(requests.met(new WriteResult.Conflict(error.item())));
                } else {
                    decideAlone(caller);
                }
            }
            case TRANSACTION_CONFLICT ->
                    caller.complete(requests.met(new WriteResult.Conflict(null)));
            case THROTTLING_ERROR,
                    PROVISIONED_THROUGHPUT_EXCEEDED,
                    REQUEST_LIMIT_EXCEEDED,
                    INTERNAL_SERVER_ERROR,
                    RESOURCE_NOT_FOUND ->
                    caller.fail(
                            new SessionStoreException.Unavailable(
                                    "DynamoDB did not serve the request: " + error.codeAsString()));
            case ACCESS_DENIED -> {
                denied();
                decideAlone(caller);
            }
            default -> decideAlone(caller);
        }
    }

    private void failed(List<Caller<ItemUpdate, WriteResult>> batch, Throwable failure) {
        boolean denied = DynamoDbFailures.isDenied(failure);
        SessionStoreException translated = DynamoDbFailures.translated(failure);
        if (denied) {
            denied();
        }
        if (denied || translated instanceof SessionStoreException.Refused) {
            batch.forEach(this::decideAlone);
        } else {
            batch.forEach(caller -> caller.fail(translated));
        }
    }

    private void decideAlone(Caller<ItemUpdate, WriteResult> caller) {
        sendAlone(caller).subscribe().with(sent -> {});
    }

    private void denied() {
        deniedAt = System.nanoTime();
        if (!warned.getAndSet(true)) {
            LOG.warnf(
                    "DynamoDB denies a batch of writes to the table %s. Each write is a request of its"
                            + " own now, which costs more CPU time. To allow batches, add the"
                            + " permissions dynamodb:PartiQLInsert and dynamodb:PartiQLUpdate; to"
                            + " hide this warning, set parley.table.batch-writes=false.",
                    table);
        }
    }
}
