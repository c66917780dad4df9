package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.START;
import static dev.parley.session.EventBuilder.event;
import static dev.parley.session.Outcome.APPLIED;
import static dev.parley.session.Outcome.DUPLICATE;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Outcome;
import dev.parley.session.Prose;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery.Order;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that a turn is identified by its id and role, whatever time a duplicate has. */
class TurnIdentityTest {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());

    @RegisterExtension static final LocalTable table = LocalTable.create();
    private String id = "";

    @BeforeAll
    static void printSeed() {
        System.out.printf("TurnIdentityTest: -Dparley.seed=%d%n", SEED);
    }

    @BeforeEach
    void nameSession(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName();
    }

    /**
     * Some platforms send no times and retry. The timestamp of the record is used instead, so that
     * each duplicate has another time.
     */
    @Test
    void duplicates_withDifferentTimes_areOneTurn() {
        Random random = new Random(SEED);
        List<SessionEvent> published = new ArrayList<>();
        int second = 0;
        for (int i = 0; i < 300; i++) {
            published.add(turn(i, second++));
            if (random.nextInt(5) == 0) {
                int again = Math.max(0, i - random.nextInt(100));
                published.add(turn(again, second++));
            }
        }

        long applied = 0;
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        for (int from = 0; from < published.size(); ) {
            int to = Math.min(published.size(), from + 1 + random.nextInt(12));
            List<Outcome> outcomes = apply(writer, published.subList(from, to));
            applied += outcomes.stream().filter(APPLIED::equals).count();
            // Sometimes another instance takes over, which has not cached the session.
            writer = random.nextInt(4) == 0 ? table.writer(LocalTable.NOW) : writer;
            from = to;
        }

        List<Turn> turns = table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 100);
        assertThat(turns).extracting(Turn::id).doesNotHaveDuplicates().hasSize(300);
        assertThat(table.get(id).counters().turns()).isEqualTo(300);
        assertThat(applied).isEqualTo(300);
    }

    @Test
    void turn_deliveredAgainWithEarlierTime_isDuplicateAndKeepsFirstPosition() {
        write(0, 60, 100);

        Outcome duplicate = table.apply(turn(50, 7));

        assertThat(duplicate).isEqualTo(DUPLICATE);
        assertThat(table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 100))
                .filteredOn(turn -> turn.id().equals("t-50"))
                .extracting(Turn::occurredAt)
                .containsExactly(START.plusSeconds(150));
    }

    /**
     * The number of turns in between does not matter: here, more than 250 turns have arrived since.
     */
    @Test
    void revision_withAnotherTime_replacesTurnAtItsPosition() {
        write(0, 260, 0);

        SessionEvent edit = event(id).at(300).revision(1).turn("t-4", "edited");
        Outcome edited = table.apply(edit);
        Outcome again = table.apply(edit);

        assertThat(List.of(edited, again)).containsExactly(APPLIED, DUPLICATE);
        List<Turn> turns = table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 100);
        assertThat(turns).hasSize(260);
        assertThat(turns.get(4))
                .returns("t-4", Turn::id)
                .returns(1L, Turn::revision)
                .returns(START.plusSeconds(4), Turn::occurredAt);
        assertThat(table.get(id).counters().turns()).isEqualTo(260);
    }

    @Test
    void lateTurn_ofOldPage_isRecognizedByItsId() {
        write(0, 100, 0);
        SessionEvent late = event(id).at(START.plusMillis(3_500)).turn("late", "I come late");
        table.apply(late);

        Outcome duplicate = table.apply(event(id).at(500).turn("late", "I come late"));

        assertThat(duplicate).isEqualTo(DUPLICATE);
        assertThat(table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 200))
                .extracting(Turn::id)
                .containsOnlyOnce("late");
    }

    /** Some platforms give a question and its answer the same id. */
    @Test
    void questionAndAnswer_withSameIdAndTime_areTwoTurns() {
        table.apply(event(id).role(Role.ASSISTANT).turn("x", "answer"));
        table.apply(event(id).role(Role.USER).turn("x", "question"));

        Outcome duplicate = table.apply(event(id).role(Role.USER).turn("x", "question"));

        assertThat(duplicate).isEqualTo(DUPLICATE);
        assertThat(table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 10))
                .extracting(Turn::role)
                .containsExactly(Role.USER, Role.ASSISTANT);
    }

    /** The head contains only the time of the newest turn in a page, not its whole position. */
    @Test
    void turn_whoseIdSortsAfterAllOthers_isStoredOnce() {
        SessionEvent turn = event(id).usage(1, 1).turn("\uffff\uffff", noise());

        Outcome first = table.apply(turn);
        Outcome second = table.apply(turn);

        assertThat(List.of(first, second)).containsExactly(APPLIED, DUPLICATE);
        assertThat(table.get(id).counters().turns()).isEqualTo(1);
    }

    @Test
    void turns_ofSameTime_areOrderedBySequence() {
        for (long sequence : List.of(3, 1, 2, 0)) {
            table.apply(event(id).sequence(sequence).turn("t-" + (9 - sequence), "hi"));
        }

        assertThat(table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 10))
                .extracting(Turn::sequence)
                .containsExactly(0L, 1L, 2L, 3L);
    }

    /** Returns random text that does not fit into a block. */
    private static String noise() {
        StringBuilder noise = new StringBuilder();
        new Random(1).ints(5_000, 'a', 'z').forEach(letter -> noise.append((char) letter));
        return noise.toString();
    }

    private SessionEvent turn(int number, int second) {
        return event(id)
                .at(at(second))
                .usage(1, 1)
                .turn("t-" + number, new Prose(number).text(300));
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private void write(int from, int to, int offset) {
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = from; i < to; i++) {
            turns.add(turn(i, i + offset));
        }
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        for (int i = 0; i < turns.size(); i += 10) {
            apply(writer, turns.subList(i, Math.min(turns.size(), i + 10)));
        }
    }

    private List<Outcome> apply(DynamoDbSessionWriter writer, List<SessionEvent> events) {
        return writer.apply(id, events).await().atMost(TIMEOUT);
    }
}
