package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.session.EventBuilder.text;
import static dev.parley.session.Outcome.APPLIED;
import static dev.parley.session.Outcome.DUPLICATE;
import static dev.parley.session.Outcome.IGNORED;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.json.Turns;
import dev.parley.session.FollowStart;
import dev.parley.session.Json;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionChange.TurnChanged;
import dev.parley.session.SessionEvent;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import dev.parley.session.TurnQuery.Order;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests turns with texts that no item can contain. */
@Tag("slow")
class LargeTurnsIT {

    /** Four parts, and nothing that could be compressed. */
    private static final int LARGE = 1_200_000;

    private static LocalTable table;

    private String id = "";

    @BeforeAll
    static void create() {
        table = LocalTable.create();
    }

    @AfterAll
    static void drop() {
        table.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        id = "s-" + test.getTestMethod().orElseThrow().getName() + test.getDisplayName();
    }

    @Test
    void turn_asLargeAsARecordMayBe_isReadUnchanged() {
        String large = noise(1, 1_900_000);

        assertThat(table.apply(event(id).at(1).turn("t-1", large))).isEqualTo(APPLIED);
        assertThat(table.apply(event(id).at(2).turn("t-2", "small"))).isEqualTo(APPLIED);

        assertThat(contents(Order.OLDEST_FIRST)).containsExactly(text(large), text("small"));
        assertThat(contents(Order.NEWEST_FIRST)).containsExactly(text("small"), text(large));
        assertThat(Turns.read(table.get(id).recentTurns()))
                .extracting(Turn::content)
                .containsExactly(text(large), text("small"));
    }

    /** In a page, among the waiting turns, and before all others. */
    @ParameterizedTest
    @ValueSource(ints = {-5, 3, 17, 50})
    void turn_thatIsLate_isReadAtItsPlace(int second) {
        table.apply(id, smallTurns(0, 40));

        assertThat(table.apply(event(id).at(second).turn("large", noise(2, LARGE))))
                .isEqualTo(APPLIED);

        List<String> ids = turns().stream().map(Turn::id).toList();
        assertThat(ids).hasSize(41);
        assertThat(turns()).isSortedAccordingTo(Turn.ORDER);
        assertThat(find("large").content()).isEqualTo(text(noise(2, LARGE)));
    }

    @Test
    void duplicate_writesNothing() {
        SessionEvent large = event(id).at(1).turn("t-1", noise(3, LARGE));
        table.apply(large);
        double before = written();

        assertThat(table.apply(large)).isEqualTo(DUPLICATE);
        assertThat(written()).isEqualTo(before);
    }

    @Test
    void revision_replacesTheText() {
        table.apply(event(id).at(1).turn("t-1", noise(4, LARGE)));

        table.apply(event(id).at(9).revision(1).turn("t-1", noise(5, LARGE)));
        assertThat(find("t-1").content()).isEqualTo(text(noise(5, LARGE)));
        assertThat(partsWithText()).hasSize(4);

        table.apply(event(id).at(9).revision(2).turn("t-1", "small"));
        assertThat(find("t-1").content()).isEqualTo(text("small"));
        assertThat(partsWithText()).isEmpty();
    }

    @Test
    void revision_ofATurnInAPage_replacesTheText() {
        table.apply(id, smallTurns(0, 40));

        table.apply(event(id).at(3).revision(1).turn("t-3", noise(6, LARGE)));

        assertThat(find("t-3").content()).isEqualTo(text(noise(6, LARGE)));
        assertThat(turns()).hasSize(40);
        assertThat(table.get(id).counters().turns()).isEqualTo(40);
    }

    @Test
    void deletion_erasesAllParts() {
        table.apply(event(id).at(1).turn("t-1", noise(7, LARGE)));
        assertThat(partsWithText()).hasSize(4);

        table.apply(event(id).at(5).deleted());

        assertThat(table.find(id)).isEmpty();
        assertThat(table.keysWithContent(id)).isEmpty();
    }

    @Test
    void deletion_keepsThePartsOfLaterTurns() {
        table.apply(id, smallTurns(0, 30));
        table.apply(event(id).at(10).turn("early", noise(8, LARGE)));
        table.apply(event(id).at(31).turn("later", noise(9, LARGE)));

        table.apply(event(id).at(20).deleted());

        assertThat(find("later").content()).isEqualTo(text(noise(9, LARGE)));
        assertThat(partsWithText()).hasSize(4);
        table.apply(event(id).at(40).deleted());
        assertThat(table.keysWithContent(id)).isEmpty();
    }

    /** A writer crashes between two parts, or between a part and the head. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void turn_whoseWriterCrashed_isStoredWhenDeliveredAgain(int requests) {
        table.apply(id, smallTurns(0, 3));
        SessionEvent large = event(id).at(5).turn("large", noise(10, LARGE));
        crash(requests, large);

        // Another turn gets the numbers of the parts that the crashed writer has left.
        table.apply(event(id).at(4).turn("other", noise(11, LARGE / 2)));
        table.apply(large);

        assertThat(find("large").content()).isEqualTo(text(noise(10, LARGE)));
        assertThat(find("other").content()).isEqualTo(text(noise(11, LARGE / 2)));
        assertThat(turns()).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void parts_whoseWriterCrashed_areErasedByADeletion(int requests) {
        table.apply(id, smallTurns(0, 3));
        SessionEvent large = event(id).at(5).turn("large", noise(12, LARGE));
        crash(requests, large);

        table.apply(event(id).at(9).deleted());

        assertThat(table.keysWithContent(id)).isEmpty();
        assertThat(table.apply(large)).isEqualTo(IGNORED);
    }

    /** The writer made its plan before the deletion, and writes its parts after it. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6})
    void parts_writtenAfterADeletion_areErasedWhenTheirRecordIsDeliveredAgain(int requests) {
        table.apply(id, smallTurns(0, 3));
        SessionEvent large = event(id).at(5).turn("large", noise(13, LARGE));
        DynamoDbSessionWriter outdated =
                table.writerThatCrashesAfter(
                        requests, () -> table.apply(event(id).at(9).deleted()));
        Throwable crash =
                catchThrowable(() -> outdated.apply(id, List.of(large)).await().atMost(TIMEOUT));

        assertThat(table.apply(large)).isEqualTo(IGNORED);

        assertThat(crash == null || RandomlyCrashingDynamoDb.isCrash(crash)).isTrue();
        assertThat(table.keysWithContent(id)).isEmpty();
    }

    /** The writer itself notices the deletion when it writes the head. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6})
    void parts_writtenDuringADeletion_areErasedByTheirWriter(int request) {
        table.apply(id, smallTurns(0, 3));
        SessionEvent large = event(id).at(5).turn("large", noise(15, LARGE));
        DynamoDbSessionWriter outdated =
                table.writerInterruptedBefore(
                        request, () -> table.apply(event(id).at(9).deleted()));

        assertThat(outdated.apply(id, List.of(large)).await().atMost(TIMEOUT))
                .containsExactly(IGNORED);

        assertThat(table.keysWithContent(id)).isEmpty();
    }

    @Test
    void listOfLargeTurns_endsEarly() {
        for (int i = 0; i < 7; i++) {
            table.apply(event(id).at(i).turn("t-" + i, noise(i, 1_900_000)));
        }
        TurnQuery query = TurnQuery.all(Order.OLDEST_FIRST, 50, Optional.empty());

        var first = table.reader(LocalTable.NOW).listTurns(id, query).await().atMost(TIMEOUT);

        assertThat(first.orElseThrow().items()).hasSize(5);
        assertThat(first.orElseThrow().next()).isPresent();
        assertThat(turns()).extracting(Turn::id).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void streams_containTheTexts() {
        table.apply(id, smallTurns(0, 3));
        table.apply(event(id).at(5).turn("large", noise(14, LARGE)));

        List<Json> streamed =
                table.reader(LocalTable.NOW)
                        .streamTurns(id, TurnQuery.all(Order.OLDEST_FIRST, 1, Optional.empty()))
                        .await()
                        .atMost(TIMEOUT)
                        .orElseThrow()
                        .onItem()
                        .<Json>disjoint()
                        .collect()
                        .asList()
                        .await()
                        .atMost(TIMEOUT);
        List<SessionChange> followed =
                table.reader(LocalTable.NOW)
                        .follow(id, new FollowStart.Recent())
                        .await()
                        .atMost(TIMEOUT)
                        .orElseThrow()
                        .select()
                        .first(4)
                        .collect()
                        .asList()
                        .await()
                        .atMost(TIMEOUT);

        assertThat(Turns.read(streamed)).isEqualTo(turns());
        assertThat(followed)
                .extracting(change -> Turns.read(((TurnChanged) change).turn()))
                .isEqualTo(turns());
    }

    private void crash(int requests, SessionEvent event) {
        DynamoDbSessionWriter crashing = table.writerThatCrashesAfter(requests);
        Throwable crash =
                catchThrowable(() -> crashing.apply(id, List.of(event)).await().atMost(TIMEOUT));
        assertThat(RandomlyCrashingDynamoDb.isCrash(crash)).isTrue();
    }

    private SessionEvent[] smallTurns(int from, int to) {
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = from; i < to; i++) {
            turns.add(event(id).at(i).turn("t-" + i, noise(i, 300)));
        }
        return turns.toArray(SessionEvent[]::new);
    }

    private List<Turn> turns() {
        return table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 100);
    }

    private List<Json> contents(Order order) {
        return table.turns(LocalTable.NOW, id, order, 10).stream().map(Turn::content).toList();
    }

    private Turn find(String turn) {
        return turns().stream().filter(each -> each.id().equals(turn)).findFirst().orElseThrow();
    }

    private List<String> partsWithText() {
        return table.keysOf(id).stream()
                .filter(key -> table.item(key).containsKey(SessionTable.TEXT))
                .toList();
    }

    private static double written() {
        return table.consumed("UpdateItem") + table.consumed("TransactWriteItems");
    }

    private static String noise(int seed, int length) {
        byte[] noise = new byte[length * 3 / 4];
        new Random(seed).nextBytes(noise);
        return Base64.getEncoder().encodeToString(noise);
    }
}
