package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.EventBuilder;
import dev.parley.session.Prose;
import dev.parley.session.TurnQuery;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that a turn costs the same number of capacity units, whatever the length of its session.
 * Each write has one turn, and DynamoDB reports the cost. {@code -Dparley.cost.turns=20000}
 * measures a longer session than the build does.
 */
@Tag("slow")
class CostIT {

    /** As long as the session ids of many platforms. */
    private static final String SESSION = "web-7f3a9c1e-2b4d";

    private static final double MAX_WRITE_UNITS = 1.6;

    private static final int TURNS_WITH_DATA = 200;

    /** The transaction that writes the data once is 0.1 of it. */
    private static final double MAX_WRITE_UNITS_WITH_DATA = 1.9;

    /** A short session has pages that are not full yet. */
    private static final double MAX_READ_UNITS_OF_A_SHORT_SESSION = 0.08;

    private static final double MAX_READ_UNITS = 0.05;

    private static final int TURNS = Integer.getInteger("parley.cost.turns", 1_500);

    /** The numbers of turns after which the test verifies the cost. */
    private static final Set<Integer> MEASURED_LENGTHS =
            new TreeSet<>(Set.of(20, 200, 1_500, 20_000));

    @Test
    void turn_ofASessionOfAnyLength_costsTheSame() {
        Prose prose = new Prose(7);
        int firstPageTurn = 0;
        try (LocalTable table = LocalTable.create()) {
            DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
            for (int i = 0; i < TURNS; i++) {
                writer.apply(SESSION, List.of(prose.turn(SESSION, i))).await().atMost(TIMEOUT);
                if (firstPageTurn == 0 && !table.item(SESSION + "#p0").isEmpty()) {
                    firstPageTurn = i + 1;
                }
                if (MEASURED_LENGTHS.contains(i + 1)) {
                    verifyCost(table, i + 1, firstPageTurn);
                }
            }
        }
    }

    /**
     * A turn costs the same whether the session has no data or 8 KB of attributes and user data.
     */
    @Test
    void costOfATurn_inASessionWithLargeData_isFlat() {
        Prose prose = new Prose(7);
        EventBuilder data = event(SESSION).at(-1).userId("u-1").channel("web");
        for (int i = 0; i < 20; i++) {
            data.attribute("attribute-" + i, prose.text(200))
                    .userData("data-" + i, prose.text(200));
        }
        try (LocalTable table = LocalTable.create()) {
            DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
            writer.apply(SESSION, List.of(data.updated())).await().atMost(TIMEOUT);
            for (int i = 1; i <= TURNS_WITH_DATA; i++) {
                writer.apply(SESSION, List.of(prose.turn(SESSION, i))).await().atMost(TIMEOUT);
                if (i % 100 == 0) {
                    System.out.printf(
                            "CostIT: %,d turns with 8 KB of data: %.2f write units a turn%n",
                            i, written(table) / i);
                }
            }
            assertThat(written(table) / TURNS_WITH_DATA)
                    .isLessThanOrEqualTo(MAX_WRITE_UNITS_WITH_DATA);
        }
    }

    private static double written(LocalTable table) {
        return table.consumed("UpdateItem") + table.consumed("TransactWriteItems");
    }

    private static void verifyCost(LocalTable table, int turns, int firstPageTurn) {
        double written = written(table);
        double readBefore = table.consumed("GetItem") + table.consumed("BatchGetItem");
        int found =
                table.turns(LocalTable.NOW, SESSION, TurnQuery.Order.OLDEST_FIRST, 100_000).size();
        double read = table.consumed("GetItem") + table.consumed("BatchGetItem") - readBefore;
        System.out.printf(
                "CostIT: %,d turns: %.2f write units and %.3f read units a turn, second item at turn %d%n",
                turns, written / turns, read / turns, firstPageTurn);
        assertThat(found).isEqualTo(turns);
        assertThat(written / turns).isLessThanOrEqualTo(MAX_WRITE_UNITS);
        assertThat(read / turns)
                .isLessThanOrEqualTo(
                        turns == 20 ? MAX_READ_UNITS_OF_A_SHORT_SESSION : MAX_READ_UNITS);
        assertThat(firstPageTurn)
                .as("number of the turn that created the second item")
                .isGreaterThan(3);
    }
}
