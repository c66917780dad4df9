package dev.parley.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** A DynamoDB client that records the requests. Reads find nothing, and writes succeed. */
final class RecordingDynamoDb implements DynamoDbAsyncClient {

    private final List<GetItemRequest> reads = new ArrayList<>();
    private final List<UpdateItemRequest> writes = new ArrayList<>();

    List<GetItemRequest> reads() {
        return reads;
    }

    List<UpdateItemRequest> writes() {
        return writes;
    }

    @Override
    public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
        reads.add(request);
        return CompletableFuture.completedFuture(GetItemResponse.builder().build());
    }

    @Override
    public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
        writes.add(request);
        return CompletableFuture.completedFuture(UpdateItemResponse.builder().build());
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
