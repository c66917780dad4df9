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
 * The very requests that the service makes for a read, one after the other, to be sent without it.
 *
 * @param found how many turns or sessions the service made of the answers
 */
public record RequestsOfARead(List<Request> requests, int found) {

    public RequestsOfARead {
        requests = List.copyOf(requests);
    }

    /** Sends one request, and gives the items of its answer. */
    @FunctionalInterface
    interface Request
            extends Function<
                    DynamoDbAsyncClient, CompletableFuture<List<Map<String, AttributeValue>>>> {}

    /** Sends them, and tells how many bytes of turns have come, one more for each item. */
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
