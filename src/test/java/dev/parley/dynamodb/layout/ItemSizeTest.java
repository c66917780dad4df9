package dev.parley.dynamodb.layout;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.LocalTable;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests that the size of an item is computed as DynamoDB counts it. */
class ItemSizeTest {

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of(AttributeValue.fromS("hé語🙌"), 1 + 2 + 3 + 4),
                Arguments.of(AttributeValue.fromN("1795342394.143"), 8),
                Arguments.of(AttributeValue.fromN("-7"), 3),
                Arguments.of(AttributeValue.fromB(SdkBytes.fromByteArray(new byte[9])), 9),
                Arguments.of(AttributeValue.fromBool(true), 1),
                Arguments.of(
                        AttributeValue.fromM(Map.of("ab", AttributeValue.fromS("c"))), 3 + 1 + 3),
                Arguments.of(AttributeValue.fromL(List.of(AttributeValue.fromS("c"))), 3 + 1 + 1));
    }

    @ParameterizedTest
    @MethodSource("values")
    void of_value_countsValueAndName(AttributeValue value, int size) {
        assertThat(ItemSize.of(Map.of("name", value))).isEqualTo("name".length() + size);
    }

    /**
     * Compares the size with the consumed capacity: a write costs one unit for each KB of the item.
     */
    @Test
    void of_item_matchesConsumedCapacity() {
        try (LocalTable table = LocalTable.create()) {
            String id = "s-1";
            for (int i = 0; i < 40; i++) {
                double before = table.consumed("UpdateItem");
                table.apply(event(id).at(i).usage(i, i).turn("t-" + i, "x".repeat(97)));

                int kilobytes = Math.ceilDiv(ItemSize.of(table.item(id)), 1024);
                double indexUnits = i == 0 ? 1 : 0;
                assertThat(table.consumed("UpdateItem") - before)
                        .as("turn %d", i)
                        .isEqualTo(kilobytes + indexUnits);
            }
        }
    }
}
