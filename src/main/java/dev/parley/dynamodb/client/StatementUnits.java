package dev.parley.dynamodb.client;

import dev.parley.dynamodb.layout.WriteUnits;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementResponse;

/**
 * Determines the capacity units of batches of statements. AWS reports them; DynamoDB Local does
 * not, so that they are computed. A statement that fails then counts as zero, as a single write
 * that fails does: DynamoDB charges for a false condition, but the response does not say it.
 */
final class StatementUnits {

    private volatile boolean reported;

    /** Returns whether the old item must be in the response, because the units are computed. */
    boolean needsOldItem(ItemUpdate update) {
        return !reported && update.before() == null;
    }

    /**
     * Returns the units of a batch.
     *
     * @param updates the statements, in the order of the responses
     */
    double of(List<ItemUpdate> updates, BatchExecuteStatementResponse response) {
        if (!response.consumedCapacity().isEmpty()) {
            reported = true;
            return RequestMetrics.units(response.consumedCapacity());
        }
        double units = 0;
        for (int i = 0; i < updates.size(); i++) {
            units += computed(updates.get(i), response.responses().get(i));
        }
        return units;
    }

    private static int computed(ItemUpdate update, BatchStatementResponse outcome) {
        if (outcome.error() != null) {
            return 0;
        }
        Map<String, AttributeValue> before = before(update, outcome);
        return WriteUnits.of(before, update.applyTo(before));
    }

    private static Map<String, AttributeValue> before(
            ItemUpdate update, BatchStatementResponse outcome) {
        @Nullable Map<String, AttributeValue> known = update.before();
        return known == null ? outcome.item() : known;
    }
}
