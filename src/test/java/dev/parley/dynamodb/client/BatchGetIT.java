package dev.parley.dynamodb.client;

import static dev.parley.support.Timeouts.TIMEOUT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.SessionStoreException;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Tests that the keys that DynamoDB has not processed are requested again, and when a batch fails.
 */
@Tag("store")
@Tag("slow")
class BatchGetIT {

    private static final int KEYS = 40;
    private static final int ATTEMPTS = 8;

    /** The number of keys in each request. */
    private final List<Integer> requestSizes = new ArrayList<>();

    /**
     * A response contains only a few large items. There are more responses than the batch accepts
     * without a processed key, but each of these has processed one.
     */
    @Test
    void batch_withOneItemPerResponse_isReadCompletely() {
        assertThat(items(keys -> 1)).hasSize(KEYS);
        assertThat(requestSizes).hasSize(KEYS);
    }

    @Test
    void batch_withEmptyResponsesBetweenOthers_isReadCompletely() {
        assertThat(items(keys -> requestSizes.size() % 3 == 0 ? KEYS / 4 : 0)).hasSize(KEYS);
    }

    @Test
    void batch_withEmptyResponsesOnly_failsAsUnavailable() {
        assertThatThrownBy(() -> items(keys -> 0))
                .isInstanceOf(SessionStoreException.Unavailable.class);
        assertThat(requestSizes).hasSize(ATTEMPTS);
    }

    @Test
    void batch_withEmptyResponsesAfterFirst_failsAfterSameNumberOfAttempts() {
        assertThatThrownBy(() -> items(keys -> keys == KEYS ? 3 : 0))
                .isInstanceOf(SessionStoreException.Unavailable.class);
        assertThat(requestSizes).hasSize(1 + ATTEMPTS);
    }

    @Test
    void batch_withoutKeys_isEmpty() {
        BatchGet batch = new BatchGet("t", keys -> response(keys, 0));

        assertThat(batch.items(keys(0)).await().atMost(TIMEOUT)).isEmpty();
    }

    /**
     * Reads a batch of {@value #KEYS} keys.
     *
     * @param processed returns how many keys a response processes, for a number of requested keys
     */
    private Map<String, Map<String, AttributeValue>> items(IntUnaryOperator processed) {
        BatchGet batch =
                new BatchGet(
                        "t",
                        keys -> {
                            int size = requireNonNull(keys.get("t")).keys().size();
                            requestSizes.add(size);
                            return response(keys, processed.applyAsInt(size));
                        });
        return batch.items(keys(KEYS)).await().atMost(TIMEOUT);
    }

    private static KeysAndAttributes keys(int number) {
        return KeysAndAttributes.builder()
                .keys(IntStream.range(0, number).mapToObj(i -> DynamoDb.key("s-" + i)).toList())
                .build();
    }

    private static Uni<BatchGetItemResponse> response(
            Map<String, KeysAndAttributes> keys, int processed) {
        List<Map<String, AttributeValue>> requested = requireNonNull(keys.get("t")).keys();
        int end = Math.min(processed, requested.size());
        Map<String, KeysAndAttributes> unprocessed =
                end == requested.size()
                        ? Map.of()
                        : Map.of(
                                "t",
                                KeysAndAttributes.builder()
                                        .keys(requested.subList(end, requested.size()))
                                        .build());
        return Uni.createFrom()
                .item(
                        BatchGetItemResponse.builder()
                                .responses(Map.of("t", requested.subList(0, end)))
                                .unprocessedKeys(unprocessed)
                                .build());
    }
}
