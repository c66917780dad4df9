package dev.parley.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Records the permissions that requests need, each as {@code Query on index/byUser}. Some requests
 * need actions that have other names than the request (<a
 * href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html">actions</a>,
 * <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html">transactions</a>).
 */
final class RequestedGrants implements ExecutionInterceptor {

    private final Set<String> operations = new ConcurrentSkipListSet<>();
    private final Set<String> grants = new ConcurrentSkipListSet<>();

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        operations.add(operation);
        grants.addAll(requiredGrants(operation, context.request()));
    }

    /** Returns the names of the operations that were called. */
    Set<String> operations() {
        return new TreeSet<>(operations);
    }

    Set<String> grants() {
        return new TreeSet<>(grants);
    }

    private static Set<String> requiredGrants(String operation, SdkRequest request) {
        return switch (request) {
            case TransactWriteItemsRequest transaction ->
                    transaction.transactItems().stream()
                            .flatMap(RequestedGrants::actions)
                            .map(action -> grant(action, "table"))
                            .collect(Collectors.toSet());
            case BatchExecuteStatementRequest batch ->
                    batch.statements().stream()
                            .map(
                                    each ->
                                            each.statement().startsWith("INSERT")
                                                    ? "Insert"
                                                    : "Update")
                            .map(kind -> grant("PartiQL" + kind, "table"))
                            .collect(Collectors.toSet());
            case QueryRequest query when query.indexName() != null ->
                    Set.of(grant(operation, "index/" + query.indexName()));
            case CreateTableRequest table when table.hasTags() ->
                    Set.of(grant(operation, "table"), grant("TagResource", "table"));
            default -> Set.of(grant(operation, "table"));
        };
    }

    private static Stream<String> actions(TransactWriteItem item) {
        List<String> actions = new ArrayList<>();
        if (item.update() != null) {
            actions.add("UpdateItem");
        }
        if (item.put() != null) {
            actions.add("PutItem");
        }
        if (item.delete() != null) {
            actions.add("DeleteItem");
        }
        if (item.conditionCheck() != null) {
            actions.add("ConditionCheckItem");
        }
        return actions.stream();
    }

    static String grant(String action, String resource) {
        return action + " on " + resource;
    }
}
