package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.session.Outcome.APPLIED;
import static dev.parley.session.Outcome.DUPLICATE;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.session.Outcome;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests what happens to turns that a writer sealed into the newest page before it crashed. The page
 * then contains turns of which no head knows.
 */
@Tag("store")
class SealingIT {

    @RegisterExtension static final LocalTable table = LocalTable.create();
    private String id = "";

    @BeforeEach
    void nameSession(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName() + test.getDisplayName();
    }

    /**
     * Between the crash and the redelivery, another writer stores a turn that comes before or after
     * the turns of the crashed writer.
     *
     * @param tail the number of turns in the tail before the crash
     * @param large the number of turns that the crashed writer added. Each of them is too large for
     *     the tail, but not for a page
     * @param second when the turn of the other writer happened; those of the crashed writer
     *     happened at 100 s and later
     */
    @ParameterizedTest
    @CsvSource({
        "0, 1, 90",
        "0, 1, 200",
        "1, 1, 90",
        "1, 1, 200",
        "2, 1, 90",
        "2, 1, 200",
        "1, 2, 90",
        "1, 2, 200",
        "0, 2, 101",
        "2, 2, 101",
        "1, 3, 200",
        "0, 3, 102"
    })
    void turns_sealedByAWriterThatCrashed_areStoredOnceAndCountedWhenTheyAreDeliveredAgain(
            int tail, int large, int second) {
        List<SessionEvent> all = new ArrayList<>(storedTurns(tail));
        List<SessionEvent> added = largeTurns(large);
        crashAfterSealing(added);
        assertThat(turnIds()).isEqualTo(ids(all));
        assertThat(table.get(id).counters().turns()).isEqualTo(all.size());

        SessionEvent other = event(id).at(second).turn("other", "hi");
        all.add(other);
        assertThat(table.apply(other)).isEqualTo(APPLIED);
        assertThat(turnIds()).isEqualTo(ids(all));

        all.addAll(added);
        assertThat(apply(table.writer(LocalTable.NOW), added)).containsOnly(APPLIED);
        assertThat(apply(table.writer(LocalTable.NOW), all)).containsOnly(DUPLICATE);
        assertThat(turnIds()).isEqualTo(ids(all));
        assertThat(table.get(id).counters().turns()).isEqualTo(all.size());
    }

    /** Another writer revises a turn of the page, and then seals further turns into it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void page_thatIsRevisedAfterACrash_hasEachTurnOnce(int tail) {
        List<SessionEvent> all = new ArrayList<>(storedTurns(tail));
        List<SessionEvent> added = largeTurns(1);
        crashAfterSealing(added);
        int last = all.size() - 1 - tail;
        Turn sealed = ((SessionEvent.TurnRecorded) all.get(last)).turn();
        SessionEvent revision =
                event(id)
                        .at(sealed.occurredAt())
                        .role(sealed.role())
                        .revision(1)
                        .turn(sealed.id(), "revised");

        DynamoDbSessionWriter other = table.writer(LocalTable.NOW);
        assertThat(apply(other, List.of(revision))).containsOnly(APPLIED);
        all.set(last, revision);
        verifyFurtherTurns(other, all, added);
    }

    /** Another writer stores a turn before all others, which is too large to wait in the head. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void page_thatGetsAnEarlierTurnAfterACrash_hasEachTurnOnce(int tail) {
        List<SessionEvent> all = new ArrayList<>(storedTurns(tail));
        List<SessionEvent> added = largeTurns(1);
        crashAfterSealing(added);

        DynamoDbSessionWriter other = table.writer(LocalTable.NOW);
        all.add(event(id).at(-10).turn("early", noise(99)));
        assertThat(apply(other, List.of(all.getLast()))).containsOnly(APPLIED);
        verifyFurtherTurns(other, all, added);
    }

    /** The writer seals further turns, and then those of the crashed writer are delivered again. */
    private void verifyFurtherTurns(
            DynamoDbSessionWriter writer, List<SessionEvent> all, List<SessionEvent> added) {
        for (int i = 0; i < 12; i++) {
            all.add(event(id).at(200 + i).turn("other-" + i, noise(100 + i)));
            apply(writer, List.of(all.getLast()));
            assertThat(turnIds()).isEqualTo(ids(all));
        }

        all.addAll(added);
        assertThat(apply(table.writer(LocalTable.NOW), added)).containsOnly(APPLIED);
        assertThat(turnIds()).isEqualTo(ids(all));
        assertThat(table.get(id).counters().turns()).isEqualTo(all.size());
    }

    private List<SessionEvent> largeTurns(int number) {
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            turns.add(event(id).at(100 + 2 * i).turn("large-" + i, noise(i)));
        }
        return turns;
    }

    private void crashAfterSealing(List<SessionEvent> turns) {
        DynamoDbSessionWriter crashing = table.writerThatCrashesAfterItsFirstPage();
        Throwable crash = catchThrowable(() -> apply(crashing, turns));
        assertThat(RandomlyCrashingDynamoDb.isCrash(crash)).isTrue();
    }

    /** Stores turns until there is a page with room, and so many turns are in the tail. */
    private List<SessionEvent> storedTurns(int tail) {
        Prose prose = new Prose(2);
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        List<SessionEvent> stored = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            SessionEvent turn = prose.turn(id, i);
            stored.add(turn);
            apply(writer, List.of(turn));
            SessionHead head = table.visibleHead(id).orElseThrow().head();
            if (!head.pages().isEmpty() && head.tail().size() == tail) {
                return stored;
            }
        }
        throw new AssertionError("the tail never has " + tail + " turns");
    }

    /** Returns text that takes about 900 bytes when it is stored. */
    private static String noise(int seed) {
        StringBuilder noise = new StringBuilder();
        new Random(seed).ints(1_400, 'a', 'z').forEach(letter -> noise.append((char) letter));
        return noise.toString();
    }

    private List<Outcome> apply(DynamoDbSessionWriter writer, List<SessionEvent> events) {
        return writer.apply(id, events).await().atMost(TIMEOUT);
    }

    private List<String> turnIds() {
        return table.turns(LocalTable.NOW, id, TurnQuery.Order.OLDEST_FIRST, 7).stream()
                .map(Turn::id)
                .toList();
    }

    private static List<String> ids(List<SessionEvent> events) {
        return events.stream()
                .map(event -> ((SessionEvent.TurnRecorded) event).turn())
                .sorted(Turn.ORDER)
                .map(Turn::id)
                .toList();
    }
}
