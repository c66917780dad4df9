package dev.parley.dynamodb;

import static dev.parley.support.Timeouts.TIMEOUT;

import dev.parley.dynamodb.layout.ItemSize;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.TurnQuery;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Stores the session with the writer and the reader of Parley, with both indexes. */
final class ParleyStorage implements SessionStorage {

    /**
     * The bytes that DynamoDB bills for each item in addition to its content: <a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html">item
     * sizes</a>.
     */
    private static final int ITEM_OVERHEAD = 100;

    private final LocalTable table = LocalTable.create();
    private final DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
    private final String sessionId;

    ParleyStorage(String sessionId) {
        this.sessionId = sessionId;
    }

    @Override
    public OptionalDouble append(TurnRecorded turn) {
        double before = writeUnits();
        writer.apply(sessionId, List.of(turn)).await().atMost(TIMEOUT);
        return OptionalDouble.of(writeUnits() - before);
    }

    @Override
    public double readAll() {
        double before = readUnits();
        table.turns(LocalTable.NOW, sessionId, TurnQuery.Order.OLDEST_FIRST, 100_000);
        return readUnits() - before;
    }

    /** Reads the session with its recent turns, and returns the read units. */
    double readRecent() {
        double before = readUnits();
        table.get(sessionId);
        return readUnits() - before;
    }

    /**
     * Returns the bytes that DynamoDB bills for the session, without its entries in the indexes.
     */
    double storedBytes() {
        return table.keysOf(sessionId).stream().map(table::item).mapToInt(item -> size(item)).sum();
    }

    private static int size(Map<String, AttributeValue> item) {
        return ItemSize.of(item) + ITEM_OVERHEAD;
    }

    private double writeUnits() {
        return consumed("UpdateItem", "TransactWriteItems");
    }

    private double readUnits() {
        return consumed("GetItem", "BatchGetItem");
    }

    private double consumed(String... operations) {
        return Stream.of(operations).mapToDouble(table::consumed).sum();
    }

    /** Returns whether the session has a page, which is a second item. */
    boolean hasSecondItem() {
        return !table.item(sessionId + "#p0").isEmpty();
    }

    @Override
    public void close() {
        table.close();
    }
}
