package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.read.TurnCursor;
import dev.parley.json.Turns;
import dev.parley.session.EventBuilder;
import dev.parley.session.Json;
import dev.parley.session.Prose;
import dev.parley.session.ResultPage;
import dev.parley.session.SessionEvent;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import dev.parley.session.TurnQuery.Order;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Late turns wait in the head until they are moved to their page together. Here one who does so
 * dies after so many requests, or meets someone else before one of them.
 */
@Tag("slow")
class WaitingTurnsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int APART = 10_000;
    private static final int USUAL = 60;
    private static final int BEHIND = 20;
    private static final int LATE = 45;

    private static LocalTable table;
    private String id = "";
    private List<SessionEvent> usual = List.of();
    private List<SessionEvent> late = List.of();

    /** How many late turns have come: the next one moves those that wait. */
    private int come;

    @BeforeAll
    static void createTable() {
        table = LocalTable.create();
    }

    @AfterAll
    static void close() {
        table.close();
    }

    /** The first ones that are moved split their page, which then has room for the next. */
    @BeforeEach
    void fillTheRoom(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName() + test.getDisplayName();
        usual = turns(0, USUAL, APART);
        late = turns(BEHIND * APART + 1, LATE, 1);
        table.apply(LocalTable.NOW, id, usual.toArray(SessionEvent[]::new));
        come = 0;
        applyUntilThereIsNoRoom();
        table.apply(late.get(come++));
        applyUntilThereIsNoRoom();
        assertThat(come).isLessThan(LATE - 10);
    }

    private void applyUntilThereIsNoRoom() {
        while (waiting().bytes() <= LocalTable.TAIL_BYTES / 2) {
            table.apply(late.get(come++));
        }
    }

    private TurnBlock waiting() {
        return HeadItems.toHead(table.item(id)).waiting();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void turns_whoseMoverDies_areThereOnce(int requests) {
        double transacted = table.consumed("TransactWriteItems");

        applyByOneWhoDies(requests, late.get(come));

        assertThat(table.consumed("TransactWriteItems")).isEqualTo(transacted);
        int written = table.get(id).counters().turns() == USUAL + come ? come : come + 1;
        assertHas(times(usual, late.subList(0, written)));
        late.forEach(table::apply);
        assertHas(times(usual, late));
    }

    /** Copies without a time of their own: those that were moved are known by their ids. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void copies_atOtherTimesOfTurnsWhoseMoverDied_areKnown(int requests) {
        applyByOneWhoDies(requests, late.get(come));
        late.forEach(table::apply);

        for (int i = 0; i < LATE; i++) {
            Turn turn = ((SessionEvent.TurnRecorded) late.get(i)).turn();
            table.apply(event(id).at(APART * BEHIND + 100 + i).turn(turn.id(), "a copy"));
        }

        assertHas(times(usual, late));
    }

    /** A revision of a turn that waits is counted once, and in the place of the former. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void revision_whoseWriterDies_isCountedWhenItComesAgain(int requests) {
        SessionEvent revision =
                event(id)
                        .at(late.get(come - 2).occurredAt())
                        .revision(1)
                        .usage(1_000, 10)
                        .turn("t-" + (BEHIND * APART + come - 1), "revised");
        applyByOneWhoDies(requests, revision);
        table.apply(late.get(come));

        table.apply(revision);

        assertHas(times(usual, late.subList(0, come + 1)));
        assertThat(table.get(id).counters().usage().inputTokens()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void deletion_thatAMoverMeets_leavesNothing(int request) {
        SessionEvent deletion = event(id).at(time(USUAL * APART)).deleted();

        applyByOneWhoMeets(request, () -> table.apply(deletion), late.get(come));

        assertThat(table.keysOf(id)).containsExactly(id);
        assertThat(table.find(id)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void deletion_ofAPart_thatAMoverMeets_leavesTheRest(int request) {
        Instant moment = late.get(come / 2).occurredAt();
        SessionEvent deletion = event(id).at(moment).deleted();

        applyByOneWhoMeets(request, () -> table.apply(deletion), late.get(come));

        assertHas(
                times(usual, late.subList(0, come + 1)).stream()
                        .filter(at -> at.isAfter(moment))
                        .toList());
        assertThat(table.storedTurns().entrySet())
                .filteredOn(item -> item.getKey().startsWith(id))
                .allSatisfy(
                        item ->
                                assertThat(item.getValue())
                                        .allMatch(turn -> turn.occurredAt().isAfter(moment)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void movers_thatMeet_loseAndDoubleNothing(int request) {
        applyByOneWhoMeets(
                request,
                () -> late.subList(come, come + 3).forEach(table::apply),
                late.get(come + 3));

        assertHas(times(usual, late.subList(0, come + 4)));
    }

    /** Between two parts of a list, those that waited are moved to an earlier page. */
    @ParameterizedTest
    @EnumSource
    void list_thatStoppedAtATurnThatWaited_goesOnBehindIt(Order order) {
        List<Optional<String>> stops = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            cursor = list(order, 1, cursor).next();
            stops.add(cursor);
        } while (cursor.isPresent());
        late.forEach(table::apply);

        assertThat(stops).hasSize(USUAL + come);
        for (int i = 0; i + 1 < stops.size(); i++) {
            Instant stop = TurnCursor.of(stops.get(i).orElseThrow()).position().at();
            assertThat(Turns.read(list(order, 200, stops.get(i)).items()))
                    .as("behind %s", stop)
                    .extracting(Turn::occurredAt)
                    .isEqualTo(behind(stop, order));
        }
    }

    /** A revision too large to wait takes its turn to the page at once. */
    @Test
    void revision_tooLargeToWait_standsWhereTheTurnStood() {
        String turn = "t-" + (BEHIND * APART + come);

        table.apply(
                event(id)
                        .at(time(0))
                        .revision(1)
                        .turn(turn, new Prose(3).text(20 * LocalTable.TAIL_BYTES)));

        assertThat(waiting().identities()).noneMatch(each -> each.id().equals(turn));
        assertHas(times(usual, late.subList(0, come)));
    }

    /** The turns of the whole session from a moment on. */
    private List<Instant> behind(Instant stop, Order order) {
        List<Instant> all = times(usual, late);
        int at = all.indexOf(stop);
        return order == Order.OLDEST_FIRST
                ? all.subList(at + 1, all.size())
                : all.subList(0, at).reversed();
    }

    private ResultPage<Json> list(Order order, int limit, Optional<String> cursor) {
        return table.reader(LocalTable.NOW)
                .listTurns(id, TurnQuery.all(order, limit, cursor))
                .await()
                .atMost(PATIENCE)
                .orElseThrow();
    }

    private void applyByOneWhoDies(int requests, SessionEvent event) {
        DynamoDbSessionWriter dying = table.writerThatDiesAfter(requests);
        Throwable death =
                catchThrowable(() -> dying.apply(id, List.of(event)).await().atMost(PATIENCE));
        assertThat(death == null || CrashingDynamoDb.isCrash(death)).isTrue();
    }

    private void applyByOneWhoMeets(int request, Runnable meanwhile, SessionEvent event) {
        table.writerThatMeets(request, meanwhile)
                .apply(id, List.of(event))
                .await()
                .atMost(PATIENCE);
        meanwhile.run(); // a writer with fewer requests than that meets nobody
    }

    private void assertHas(List<Instant> expected) {
        for (int limit : new int[] {3, 200}) {
            assertThat(table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, limit))
                    .extracting(Turn::occurredAt)
                    .isEqualTo(expected);
            assertThat(table.turns(LocalTable.NOW, id, Order.NEWEST_FIRST, limit).reversed())
                    .extracting(Turn::occurredAt)
                    .isEqualTo(expected);
        }
        assertThat(table.get(id).counters().turns()).isEqualTo(expected.size());
    }

    private static List<Instant> times(List<SessionEvent> some, List<SessionEvent> others) {
        return Stream.concat(some.stream(), others.stream())
                .map(SessionEvent::occurredAt)
                .sorted()
                .toList();
    }

    private static Instant time(int second) {
        return EventBuilder.START.plusSeconds(second);
    }

    private List<SessionEvent> turns(int from, int number, int apart) {
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            int at = from + i * apart;
            turns.add(event(id).at(time(at)).turn("t-" + at, new Prose(at).text(200)));
        }
        return turns;
    }
}
