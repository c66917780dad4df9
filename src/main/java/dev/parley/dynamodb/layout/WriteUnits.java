package dev.parley.dynamodb.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;

/**
 * Computes the write capacity units of one write by the <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html">rules
 * of DynamoDB</a>: one unit for each KB, or part of it, of the larger of the item before and after
 * the write, and the same for each <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes">index</a>
 * whose entry changes.
 */
public final class WriteUnits {

    private static final int BYTES = 1024;

    private static final List<Entries> INDEXES =
            SessionTable.indexes().stream().map(Entries::of).toList();

    private WriteUnits() {}

    /**
     * Returns the units of a write that changes an item.
     *
     * @param before the item before the write; empty if there is none
     * @param after the item after the write
     */
    public static int of(Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        return replaced(before, after)
                + INDEXES.stream().mapToInt(index -> index.units(before, after)).sum();
    }

    private static int replaced(
            Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        return Math.max(units(before), units(after));
    }

    private static int units(Map<String, AttributeValue> item) {
        return Math.max(1, Math.ceilDiv(ItemSize.of(item), BYTES));
    }

    /**
     * The entries of an index.
     *
     * @param keys the attributes without which an item has no entry
     * @param names all attributes of an entry
     */
    private record Entries(List<String> keys, List<String> names) {

        static Entries of(GlobalSecondaryIndex index) {
            List<String> keys =
                    index.keySchema().stream().map(KeySchemaElement::attributeName).toList();
            List<String> names = new ArrayList<>(keys);
            names.add(SessionTable.SESSION_ID);
            names.addAll(index.projection().nonKeyAttributes());
            return new Entries(keys, List.copyOf(names));
        }

        int units(Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
            Map<String, AttributeValue> old = entry(before);
            Map<String, AttributeValue> next = entry(after);
            if (old.equals(next)) {
                return 0;
            }
            if (old.isEmpty() || next.isEmpty() || key(old).equals(key(next))) {
                return replaced(old, next);
            }
            // The entry moves: it is deleted in one place and put in another one.
            return WriteUnits.units(old) + WriteUnits.units(next);
        }

        private Map<String, AttributeValue> entry(Map<String, AttributeValue> item) {
            return item.keySet().containsAll(keys) ? only(names, item) : Map.of();
        }

        private Map<String, AttributeValue> key(Map<String, AttributeValue> entry) {
            return only(keys, entry);
        }

        private static Map<String, AttributeValue> only(
                List<String> names, Map<String, AttributeValue> item) {
            Map<String, AttributeValue> some = new HashMap<>(item);
            some.keySet().retainAll(names);
            return some;
        }
    }
}
