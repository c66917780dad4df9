package dev.parley.dynamodb;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import dev.parley.session.TurnQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what late turns cost, as DynamoDB reports it. Each write has one turn. */
@Tag("slow")
class LateTurnsCostIT {

    private static final int TURNS = 400;

    /** An order in which the turns of a session arrive, and the greatest cost of a turn. */
    enum Arrival {
        IN_ORDER(1.6),
        /** Hardly any two waiting turns belong to the same page. */
        SHUFFLED(4.9),
        /** Four of the units are for the indexes, because each turn changes the session's start. */
        REVERSED(8.4),
        INTO_ONE_GAP(3.8);

        private final double maxWriteUnits;

        Arrival(double maxWriteUnits) {
            this.maxWriteUnits = maxWriteUnits;
        }

        List<Integer> turns() {
            List<Integer> turns = new ArrayList<>(IntStream.range(0, TURNS).boxed().toList());
            switch (this) {
                case IN_ORDER -> {}
                case SHUFFLED -> Collections.shuffle(turns, new Random(7));
                case REVERSED -> Collections.reverse(turns);
                case INTO_ONE_GAP -> Collections.rotate(turns, TURNS / 4);
            }
            return turns;
        }
    }

    @ParameterizedTest
    @EnumSource
    void turns_inAnyOrderOfArrival_costAtMostTheirLimit(Arrival arrival) {
        String id = "late-" + arrival;
        Prose prose = new Prose(7);
        List<SessionEvent> all = new ArrayList<>();
        for (int i = 0; i < TURNS; i++) {
            all.add(prose.turn(id, i));
        }
        try (LocalTable table = LocalTable.create()) {
            DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
            for (int i : arrival.turns()) {
                writer.apply(id, List.of(all.get(i))).await().atMost(TIMEOUT);
            }
            double written = table.consumed("UpdateItem") + table.consumed("TransactWriteItems");
            double read = table.consumed("GetItem") + table.consumed("BatchGetItem");
            System.out.printf(
                    "LateTurnsCostIT: %s: %.2f write units and %.2f read units a turn, %d items, %.0f units in transactions%n",
                    arrival,
                    written / TURNS,
                    read / TURNS,
                    table.keysOf(id).size(),
                    table.consumed("TransactWriteItems"));
            assertThat(table.turns(LocalTable.NOW, id, TurnQuery.Order.OLDEST_FIRST, 100))
                    .hasSize(TURNS);
            assertThat(written / TURNS).isLessThanOrEqualTo(arrival.maxWriteUnits);
        }
    }
}
