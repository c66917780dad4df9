package dev.parley.dynamodb.client;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.session.SessionStoreException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Gets items by their keys with BatchGetItem. DynamoDB may leave keys unprocessed when it is busy
 * or when the response would be too large; those keys are requested again. If a response has
 * processed some of the keys, the next request follows after 50 ms, and there is no limit on the
 * number of such requests. If a response has processed none, the delay doubles, up to one second.
 * After eight such responses in a row the batch fails with {@link
 * SessionStoreException.Unavailable}.
 */
final class BatchGet {

    private static final Duration FIRST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /** The number of responses in a row without a processed key after which a batch fails. */
    private static final int ATTEMPTS = 8;

    private final String table;
    private final Function<Map<String, KeysAndAttributes>, Uni<BatchGetItemResponse>> request;
    private final Map<String, Map<String, AttributeValue>> found = new HashMap<>();

    /**
     * Creates a batch.
     *
     * @param request requests the given keys, which are grouped by table
     */
    BatchGet(
            String table,
            Function<Map<String, KeysAndAttributes>, Uni<BatchGetItemResponse>> request) {
        this.table = table;
        this.request = request;
    }

    /** Returns the items by key. Keys without an item are missing from the result. */
    Uni<Map<String, Map<String, AttributeValue>>> items(KeysAndAttributes keys) {
        return get(Map.of(table, keys), FIRST_WAIT, ATTEMPTS).replaceWith(found);
    }

    private Uni<Void> get(Map<String, KeysAndAttributes> keys, Duration wait, int attempts) {
        return request.apply(keys)
                .invoke(response -> take(response.responses().getOrDefault(table, List.of())))
                .chain(response -> rest(keys, response.unprocessedKeys(), wait, attempts));
    }

    private Uni<Void> rest(
            Map<String, KeysAndAttributes> asked,
            Map<String, KeysAndAttributes> left,
            Duration wait,
            int attempts) {
        if (number(left) == 0) {
            return Uni.createFrom().voidItem();
        }
        return number(left) < number(asked)
                ? later(left, FIRST_WAIT, ATTEMPTS)
                : later(left, wait, attempts - 1);
    }

    private static int number(Map<String, KeysAndAttributes> keys) {
        return keys.values().stream().mapToInt(each -> each.keys().size()).sum();
    }

    private Uni<Void> later(Map<String, KeysAndAttributes> keys, Duration wait, int attempts) {
        if (attempts == 0) {
            return Uni.createFrom()
                    .failure(
                            () ->
                                    new SessionStoreException.Unavailable(
                                            "DynamoDB keeps leaving keys of a batch unread"));
        }
        Duration doubled = wait.multipliedBy(2);
        Duration next = doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(wait)
                .chain(() -> get(keys, next, attempts));
    }

    private void take(List<Map<String, AttributeValue>> items) {
        items.forEach(
                item ->
                        found.put(
                                Attributes.text(item, SessionTable.SESSION_ID).orElseThrow(),
                                item));
    }
}
