package dev.parley.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.ListTagsOfResourceRequest;

/** Records all requests except those that only read the table's description, TTL or tags. */
public final class ChangeRecorder implements ExecutionInterceptor {

    private final Set<DynamoDbRequest> requests = ConcurrentHashMap.newKeySet();

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        switch (context.request()) {
            case DescribeTableRequest _ -> {}
            case DescribeTimeToLiveRequest _ -> {}
            case ListTagsOfResourceRequest _ -> {}
            case DynamoDbRequest request -> requests.add(request);
            default -> throw new IllegalStateException(context.request().toString());
        }
    }

    /** Returns the recorded requests, without repetitions. */
    public List<DynamoDbRequest> requests() {
        return new ArrayList<>(requests);
    }
}
