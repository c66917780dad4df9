package dev.parley.dynamodb;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The requests that the service makes for a read, one after the other, so that they can be sent
 * without the service.
 *
 * @param found how many turns or sessions the service read from the responses
 */
public record ReadRequests(List<Request> requests, int found) {

    public ReadRequests {
        requests = List.copyOf(requests);
    }

    /** Sends one request, and returns the items of its response. */
    @FunctionalInterface
    interface Request
            extends Function<
                    DynamoDbAsyncClient, CompletableFuture<List<Map<String, AttributeValue>>>> {}

    /** Sends the requests, and returns the bytes of all received turns, plus one for each item. */
    public CompletableFuture<Integer> sendTo(DynamoDbAsyncClient client) {
        CompletableFuture<Integer> sent = CompletableFuture.completedFuture(0);
        for (Request request : requests) {
            sent =
                    sent.thenCompose(
                            bytes ->
                                    request.apply(client).thenApply(items -> bytes + bytes(items)));
        }
        return sent;
    }

    private static int bytes(List<Map<String, AttributeValue>> items) {
        return items.stream().mapToInt(item -> 1 + bytes(item.values())).sum();
    }

    private static int bytes(Collection<AttributeValue> values) {
        int bytes = 0;
        for (AttributeValue value : values) {
            SdkBytes binary = value.b();
            bytes += binary == null ? 0 : binary.asByteArrayUnsafe().length;
        }
        return bytes;
    }
}
