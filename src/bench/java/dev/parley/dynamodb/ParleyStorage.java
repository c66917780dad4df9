package dev.parley.dynamodb;

import dev.parley.dynamodb.layout.ItemSize;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.TurnQuery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Parley's own writer and reader, with both indexes. */
final class ParleyStorage implements SessionStorage {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /**
     * What DynamoDB bills for each item beside its bytes: <a
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
        double before = written();
        writer.apply(sessionId, List.of(turn)).await().atMost(PATIENCE);
        return OptionalDouble.of(written() - before);
    }

    @Override
    public double readAll() {
        double before = read();
        table.turns(LocalTable.NOW, sessionId, TurnQuery.Order.OLDEST_FIRST, 100_000);
        return read() - before;
    }

    /** Read units of the session with its recent turns. */
    double readRecent() {
        double before = read();
        table.get(sessionId);
        return read() - before;
    }

    /** Bytes that DynamoDB bills for the session, its entries in the indexes aside. */
    double storedBytes() {
        return table.keysOf(sessionId).stream().map(table::item).mapToInt(item -> size(item)).sum();
    }

    private static int size(Map<String, AttributeValue> item) {
        return ItemSize.of(item) + ITEM_OVERHEAD;
    }

    private double written() {
        return consumed("UpdateItem", "TransactWriteItems");
    }

    private double read() {
        return consumed("GetItem", "BatchGetItem");
    }

    private double consumed(String... operations) {
        return Stream.of(operations).mapToDouble(table::consumed).sum();
    }

    /** Whether some of the session's turns are in another item than its own. */
    boolean hasSecondItem() {
        return !table.item(sessionId + "#p0").isEmpty();
    }

    @Override
    public void close() {
        table.close();
    }
}
