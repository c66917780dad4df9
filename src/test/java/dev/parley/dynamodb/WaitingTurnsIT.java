package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests writers that move waiting turns from the head to their page. Such a writer crashes after a
 * given number of requests, or another writer changes the session before one of its requests.
 */
@Tag("slow")
class WaitingTurnsIT {

    private static final int SECONDS_BETWEEN = 10_000;
    private static final int IN_ORDER_TURNS = 60;
    private static final int LATE_AFTER_TURN = 20;
    private static final int LATE_TURNS = 45;

    @RegisterExtension static final LocalTable table = LocalTable.create();
    private String id = "";
    private List<SessionEvent> inOrder = List.of();
    private List<SessionEvent> late = List.of();

    /**
     * The number of late turns that have been applied. The next one makes its writer move the
     * waiting turns.
     */
    private int applied;

    /** The first move splits the page, so that the second move finds enough space in it. */
    @BeforeEach
    void fillWaitingTurns(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName() + test.getDisplayName();
        inOrder = turns(0, IN_ORDER_TURNS, SECONDS_BETWEEN);
        late = turns(LATE_AFTER_TURN * SECONDS_BETWEEN + 1, LATE_TURNS, 1);
        table.apply(LocalTable.NOW, id, inOrder.toArray(SessionEvent[]::new));
        applied = 0;
        applyLateTurnsUntilFull();
        table.apply(late.get(applied++));
        applyLateTurnsUntilFull();
        assertThat(applied).isLessThan(LATE_TURNS - 10);
    }

    private void applyLateTurnsUntilFull() {
        while (waiting().bytes() <= LocalTable.TAIL_BYTES / 2) {
            table.apply(late.get(applied++));
        }
    }

    private TurnBlock waiting() {
        return HeadItems.toHead(table.item(id)).waiting();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void waitingTurns_writerCrashesDuringMove_areStoredOnce(int requests) {
        double transacted = table.consumed("TransactWriteItems");

        applyByCrashingWriter(requests, late.get(applied));

        assertThat(table.consumed("TransactWriteItems")).isEqualTo(transacted);
        int written =
                table.get(id).counters().turns() == IN_ORDER_TURNS + applied
                        ? applied
                        : applied + 1;
        assertHas(times(inOrder, late.subList(0, written)));
        late.forEach(table::apply);
        assertHas(times(inOrder, late));
    }

    /**
     * The duplicates have other times, so that turns that were moved can be recognized by their ids
     * only.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void duplicates_withOtherTimesAfterCrashDuringMove_areRecognized(int requests) {
        applyByCrashingWriter(requests, late.get(applied));
        late.forEach(table::apply);

        for (int i = 0; i < LATE_TURNS; i++) {
            Turn turn = ((SessionEvent.TurnRecorded) late.get(i)).turn();
            table.apply(
                    event(id)
                            .at(SECONDS_BETWEEN * LATE_AFTER_TURN + 100 + i)
                            .turn(turn.id(), "a copy"));
        }

        assertHas(times(inOrder, late));
    }

    /** A revision of a waiting turn is counted once and replaces the former revision. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void revision_whoseWriterCrashes_isCountedWhenDeliveredAgain(int requests) {
        SessionEvent revision =
                event(id)
                        .at(late.get(applied - 2).occurredAt())
                        .revision(1)
                        .usage(1_000, 10)
                        .turn("t-" + (LATE_AFTER_TURN * SECONDS_BETWEEN + applied - 1), "revised");
        applyByCrashingWriter(requests, revision);
        table.apply(late.get(applied));

        table.apply(revision);

        assertHas(times(inOrder, late.subList(0, applied + 1)));
        assertThat(table.get(id).counters().usage().inputTokens()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void deletion_duringMove_leavesNoTurns(int request) {
        SessionEvent deletion = event(id).at(time(IN_ORDER_TURNS * SECONDS_BETWEEN)).deleted();

        applyWithConflict(request, () -> table.apply(deletion), late.get(applied));

        assertThat(table.keysWithContent(id)).isEmpty();
        assertThat(table.find(id)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void deletion_ofEarlierTurnsDuringMove_keepsLaterTurns(int request) {
        Instant moment = late.get(applied / 2).occurredAt();
        SessionEvent deletion = event(id).at(moment).deleted();

        applyWithConflict(request, () -> table.apply(deletion), late.get(applied));

        assertHas(
                times(inOrder, late.subList(0, applied + 1)).stream()
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
    void moves_thatConflict_loseAndDuplicateNothing(int request) {
        applyWithConflict(
                request,
                () -> late.subList(applied, applied + 3).forEach(table::apply),
                late.get(applied + 3));

        assertHas(times(inOrder, late.subList(0, applied + 4)));
    }

    /** The waiting turns are moved to an earlier page between two parts of the list. */
    @ParameterizedTest
    @EnumSource
    void list_stoppedAtWaitingTurn_continuesAfterIt(Order order) {
        List<Optional<String>> cursors = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            cursor = list(order, 1, cursor).next();
            cursors.add(cursor);
        } while (cursor.isPresent());
        late.forEach(table::apply);

        assertThat(cursors).hasSize(IN_ORDER_TURNS + applied);
        for (int i = 0; i + 1 < cursors.size(); i++) {
            Instant stop = TurnCursor.of(cursors.get(i).orElseThrow()).position().at();
            assertThat(Turns.read(list(order, 200, cursors.get(i)).items()))
                    .as("turns after %s", stop)
                    .extracting(Turn::occurredAt)
                    .isEqualTo(timesAfter(stop, order));
        }
    }

    /** If a revision is too large to wait, its turn is moved to the page at once. */
    @Test
    void revision_tooLargeToWait_keepsPositionOfTurn() {
        String turn = "t-" + (LATE_AFTER_TURN * SECONDS_BETWEEN + applied);

        table.apply(
                event(id)
                        .at(time(0))
                        .revision(1)
                        .turn(turn, new Prose(3).text(20 * LocalTable.TAIL_BYTES)));

        assertThat(waiting().identities()).noneMatch(each -> each.id().equals(turn));
        assertHas(times(inOrder, late.subList(0, applied)));
    }

    /** Returns the times of all turns that the list contains after the given time. */
    private List<Instant> timesAfter(Instant stop, Order order) {
        List<Instant> all = times(inOrder, late);
        int at = all.indexOf(stop);
        return order == Order.OLDEST_FIRST
                ? all.subList(at + 1, all.size())
                : all.subList(0, at).reversed();
    }

    private ResultPage<Json> list(Order order, int limit, Optional<String> cursor) {
        return table.reader(LocalTable.NOW)
                .listTurns(id, TurnQuery.all(order, limit, cursor))
                .await()
                .atMost(TIMEOUT)
                .orElseThrow();
    }

    private void applyByCrashingWriter(int requests, SessionEvent event) {
        DynamoDbSessionWriter crashing = table.writerThatCrashesAfter(requests);
        Throwable failure =
                catchThrowable(() -> crashing.apply(id, List.of(event)).await().atMost(TIMEOUT));
        assertThat(failure == null || RandomlyCrashingDynamoDb.isCrash(failure)).isTrue();
    }

    private void applyWithConflict(int request, Runnable action, SessionEvent event) {
        table.writerInterruptedBefore(request, action)
                .apply(id, List.of(event))
                .await()
                .atMost(TIMEOUT);
        action.run(); // in case the writer made fewer requests
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

    private List<SessionEvent> turns(int from, int number, int secondsBetween) {
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            int at = from + i * secondsBetween;
            turns.add(event(id).at(time(at)).turn("t-" + at, new Prose(at).text(200)));
        }
        return turns;
    }
}
