package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Consistency;
import dev.parley.session.Json;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that a session is read with as many of its last turns as are wanted. */
@Tag("store")
class LastTurnsIT {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int TURNS = 45;
    private static final int[] WANTED = {0, 1, 4, 10, 50};

    /** After each write, whether the turns are in the head, in pages, or wait in the head. */
    @Test
    void session_ofAnyLength_isReadWithItsLastTurns() {
        System.out.printf("LastTurnsIT: -Dparley.seed=%d%n", SEED);
        try (LocalTable table = LocalTable.create()) {
            for (String id : List.of("in-order", "some-late")) {
                verify(table, id, new Random(SEED + id.hashCode()));
            }
        }
    }

    private static void verify(LocalTable table, String id, Random random) {
        Prose prose = new Prose(SEED);
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        List<SessionEvent> events = new ArrayList<>();
        for (int i = 0; i < TURNS; i++) {
            SessionEvent turn =
                    id.equals("some-late") && random.nextInt(4) == 0
                            ? late(id, i, random)
                            : prose.turn(id, i);
            events.add(turn);
            writer.apply(id, List.of(turn)).await().atMost(TIMEOUT);
            List<Json> all = SessionModel.of(id, events).orElseThrow().recentTurns();
            for (int wanted : WANTED) {
                assertThat(read(table, id, wanted))
                        .as("%d of %d turns of %s, seed %d", wanted, i + 1, id, SEED)
                        .isEqualTo(all.subList(Math.max(0, all.size() - wanted), all.size()));
            }
        }
    }

    private static SessionEvent late(String id, int number, Random random) {
        return event(id)
                .at(random.nextInt(number + 1))
                .turn("late-" + number, "said earlier, and published late");
    }

    private static List<Json> read(LocalTable table, String id, int turns) {
        return table.reader(LocalTable.NOW)
                .find(id, turns, Consistency.EVENTUAL)
                .await()
                .atMost(TIMEOUT)
                .orElseThrow()
                .recentTurns();
    }

    /** One read of the head, and one request for the pages: there are not more round trips. */
    @Test
    void session_withItsLastTenTurns_costsThreeHalfReadUnitsAtMost() {
        Prose prose = new Prose(3);
        try (LocalTable table = LocalTable.create()) {
            DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
            double most = 0;
            double sum = 0;
            for (int i = 0; i < 200; i++) {
                writer.apply("s-1", List.of(prose.turn("s-1", i))).await().atMost(TIMEOUT);
                double before = consumed(table);
                read(table, "s-1", 10);
                double units = consumed(table) - before;
                most = Math.max(most, units);
                sum += units;
            }
            System.out.printf(
                    "LastTurnsIT: %.2f read units on average, %.1f at most%n", sum / 200, most);
            assertThat(most).isLessThanOrEqualTo(1.5);
        }
    }

    private static double consumed(LocalTable table) {
        return table.consumed("GetItem") + table.consumed("BatchGetItem");
    }
}
