package dev.parley.dynamodb.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.SessionStoreException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

class BatchGetTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int KEYS = 40;
    private static final int ATTEMPTS = 8;

    private final List<Integer> asked = new ArrayList<>();

    /**
     * Large items come a few at a time: more answers than attempts, and each of them is progress.
     */
    @Test
    void batch_thatComesOneByOne_isReadWhole() {
        assertThat(items(asked -> 1)).hasSize(KEYS);
        assertThat(asked).hasSize(KEYS);
    }

    @Test
    void batch_thatComesAfterSomeEmptyAnswersEachTime_isReadWhole() {
        assertThat(items(left -> asked.size() % 3 == 0 ? KEYS / 4 : 0)).hasSize(KEYS);
    }

    @Test
    void batch_ofWhichNothingComes_isGivenUpAsUnavailable() {
        assertThatThrownBy(() -> items(left -> 0))
                .isInstanceOf(SessionStoreException.Unavailable.class);
        assertThat(asked).hasSize(ATTEMPTS);
    }

    @Test
    void batch_ofWhichNothingComesAfterAPart_isGivenUpAfterAsManyAttempts() {
        assertThatThrownBy(() -> items(left -> left == KEYS ? 3 : 0))
                .isInstanceOf(SessionStoreException.Unavailable.class);
        assertThat(asked).hasSize(1 + ATTEMPTS);
    }

    @Test
    void batch_withoutKeys_isEmpty() {
        BatchGet batch = new BatchGet("t", keys -> answer(keys, 0));

        assertThat(batch.items(keys(0)).await().atMost(PATIENCE)).isEmpty();
    }

    /**
     * @param served how many keys an answer brings, by how many it was asked for
     */
    private Map<String, Map<String, AttributeValue>> items(IntUnaryOperator served) {
        BatchGet batch =
                new BatchGet(
                        "t",
                        keys -> {
                            int left = requireNonNull(keys.get("t")).keys().size();
                            asked.add(left);
                            return answer(keys, served.applyAsInt(left));
                        });
        return batch.items(keys(KEYS)).await().atMost(PATIENCE);
    }

    private static KeysAndAttributes keys(int number) {
        return KeysAndAttributes.builder()
                .keys(IntStream.range(0, number).mapToObj(i -> DynamoDb.key("s-" + i)).toList())
                .build();
    }

    private static Uni<BatchGetItemResponse> answer(
            Map<String, KeysAndAttributes> keys, int served) {
        List<Map<String, AttributeValue>> wanted = requireNonNull(keys.get("t")).keys();
        int to = Math.min(served, wanted.size());
        Map<String, KeysAndAttributes> left =
                to == wanted.size()
                        ? Map.of()
                        : Map.of(
                                "t",
                                KeysAndAttributes.builder()
                                        .keys(wanted.subList(to, wanted.size()))
                                        .build());
        return Uni.createFrom()
                .item(
                        BatchGetItemResponse.builder()
                                .responses(Map.of("t", wanted.subList(0, to)))
                                .unprocessedKeys(left)
                                .build());
    }
}
