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
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * What the requests that it sees must be granted, each as {@code Query on index/byUser}. Not every
 * request is an action of its own name (<a
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
        grants.addAll(of(operation, context.request()));
    }

    /** The requests, by name. */
    Set<String> operations() {
        return new TreeSet<>(operations);
    }

    Set<String> grants() {
        return new TreeSet<>(grants);
    }

    private static Set<String> of(String operation, SdkRequest request) {
        return switch (request) {
            case TransactWriteItemsRequest transaction ->
                    transaction.transactItems().stream()
                            .flatMap(RequestedGrants::parts)
                            .map(part -> grant(part, "table"))
                            .collect(Collectors.toSet());
            case QueryRequest query when query.indexName() != null ->
                    Set.of(grant(operation, "index/" + query.indexName()));
            case CreateTableRequest table when table.hasTags() ->
                    Set.of(grant(operation, "table"), grant("TagResource", "table"));
            default -> Set.of(grant(operation, "table"));
        };
    }

    private static Stream<String> parts(TransactWriteItem item) {
        List<String> parts = new ArrayList<>();
        if (item.update() != null) {
            parts.add("UpdateItem");
        }
        if (item.put() != null) {
            parts.add("PutItem");
        }
        if (item.delete() != null) {
            parts.add("DeleteItem");
        }
        if (item.conditionCheck() != null) {
            parts.add("ConditionCheckItem");
        }
        return parts.stream();
    }

    static String grant(String action, String resource) {
        return action + " on " + resource;
    }
}
