package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.START;
import static dev.parley.session.EventBuilder.event;
import static dev.parley.session.Outcome.APPLIED;
import static dev.parley.session.Outcome.IGNORED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.session.Outcome;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Once an erasure is settled, no item of the session holds a turn. */
@Tag("faults")
class ErasureTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration RETENTION = LocalTable.RETENTION.events();

    private static LocalTable table;
    private String id = "";

    @BeforeAll
    static void createTable() {
        table = LocalTable.create();
    }

    @AfterAll
    static void close() {
        table.close();
    }

    @BeforeEach
    void nameSession(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName() + test.getDisplayName();
    }

    /**
     * Someone dies after so many requests: between pages, and between a page and the head. Then the
     * session is deleted by someone else.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void pages_whoseWriterDied_areErased(int requests) {
        SessionEvent[] large = large(0, 5);
        DynamoDbSessionWriter dying = table.writerThatDiesAfter(requests);
        assertThat(catchThrowable(() -> apply(dying, List.of(large)))).isNotNull();

        Outcome deletion = table.apply(event(id).at(50).deleted());

        assertThat(deletion).isEqualTo(APPLIED);
        assertThat(table.keysOf(id)).containsExactly(id);
        assertThat(table.apply(id, large)).containsOnly(IGNORED);
        assertThat(table.keysOf(id)).containsExactly(id);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void pages_ofALongerSessionWhoseWriterDied_areErased(int requests) {
        table.apply(id, turns(0, 30 + requests));
        DynamoDbSessionWriter dying = table.writerThatDiesAfter(requests);
        Throwable death = catchThrowable(() -> apply(dying, List.of(large(100, 5))));

        table.apply(event(id).at(200).deleted());

        assertThat(CrashingDynamoDb.isCrash(death)).isTrue();
        assertThat(table.keysOf(id)).containsExactly(id);
    }

    /** The one who dies comes after the deletion, with a plan from before. */
    @Test
    void page_thatIsWrittenBehindADeletion_isErasedOnceItsRecordsComeAgain() {
        table.apply(id, turns(0, 30));
        SessionEvent[] large = large(100, 1);
        DynamoDbSessionWriter late =
                table.writerThatDiesAfter(3, () -> table.apply(event(id).at(200).deleted()));
        assertThat(catchThrowable(() -> apply(late, List.of(large)))).isNotNull();

        List<Outcome> again = table.apply(id, large);

        assertThat(again).containsOnly(IGNORED);
        assertThat(table.keysOf(id)).containsExactly(id);
    }

    /** DynamoDB has removed none of its items yet. */
    @Test
    void pages_ofAFormerLifeThatHasExpired_areErased() {
        table.apply(id, turns(0, 60));
        Instant later = LocalTable.NOW.plus(RETENTION).plusSeconds(1);
        table.apply(later, id, event(id).at(later.minusSeconds(10)).turn("new", "a new life"));

        table.apply(later, id, event(id).at(later.minusSeconds(5)).deleted());

        assertThat(table.keysOf(id)).containsExactly(id);
    }

    @Test
    void pages_ofASessionThatHasExpired_areErased() {
        table.apply(id, turns(0, 60));
        Instant later = LocalTable.NOW.plus(RETENTION).plusSeconds(1);

        table.apply(later, id, event(id).at(later.minusSeconds(5)).deleted());

        assertThat(table.keysOf(id)).containsExactly(id);
    }

    /** Older than deletions are remembered, but not than what they delete is kept. */
    @ParameterizedTest
    @ValueSource(ints = {1, 29, 31, 60, 88})
    void deletion_ofAnyAge_isRemembered(int days) {
        Instant deletedAt = LocalTable.NOW.minus(Duration.ofDays(days));
        SessionEvent turn = event(id).at(deletedAt.minusSeconds(60)).turn("t-1", "forget me");

        table.apply(id, event(id).at(deletedAt).deleted());
        Outcome replayed = table.apply(turn);
        List<Outcome> afterItsMemory =
                table.apply(
                        LocalTable.NOW.plus(LocalTable.RETENTION.deletions()).minusSeconds(1),
                        id,
                        turn);

        assertThat(replayed).isEqualTo(IGNORED);
        assertThat(afterItsMemory).containsOnly(IGNORED);
        assertThat(table.find(id)).isEmpty();
    }

    @Test
    void deletion_thatLeavesLaterTurns_leavesNoEarlierOneAnywhere() {
        table.apply(id, turns(0, 100));

        table.apply(event(id).at(49).deleted());

        assertThat(
                        table.storedTurns().entrySet().stream()
                                .filter(item -> item.getKey().startsWith(id))
                                .flatMap(item -> item.getValue().stream()))
                .extracting(Turn::occurredAt)
                .allMatch(at -> at.isAfter(START.plusSeconds(49)))
                .hasSize(50);
    }

    /**
     * What the deletion leaves stands in new pages, maybe in the very place that the other one had
     * chosen for its own.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void deletion_thatComesBetweenTheRequestsOfAnother_losesNothingOfWhatItLeaves(int request) {
        table.apply(id, turns(0, 60));
        DynamoDbSessionWriter other =
                table.writerThatMeets(request, () -> table.apply(event(id).at(20).deleted()));

        apply(other, List.of(large(100, 5)));

        table.apply(event(id).at(20).deleted());
        assertThat(table.turns(LocalTable.NOW, id, TurnQuery.Order.OLDEST_FIRST, 100))
                .extracting(turn -> Duration.between(START, turn.occurredAt()).toSeconds())
                .containsExactlyElementsOf(
                        LongStream.concat(LongStream.range(21, 60), LongStream.range(100, 105))
                                .boxed()
                                .toList());
        assertThat(table.get(id).counters().turns()).isEqualTo(44);
    }

    /** Of a long session it never holds more than some pages: it writes while it reads. */
    @Test
    void deletion_ofAPartOfALongSession_writesNewPagesBeforeItHasReadAllOldOnes() {
        SessionEvent[] turns = turns(0, 1_200);
        table.apply(id, turns);
        List<String> notes = new ArrayList<>();

        apply(table.writerThatNotes(notes), List.of(event(id).at(99).deleted()));

        assertThat(notes.subList(0, notes.lastIndexOf("read"))).contains("write");
        assertThat(table.turns(LocalTable.NOW, id, TurnQuery.Order.OLDEST_FIRST, 500))
                .extracting(turn -> Duration.between(START, turn.occurredAt()).toSeconds())
                .containsExactlyElementsOf(LongStream.range(100, 1_200).boxed().toList());
        assertThat(table.get(id).counters().turns()).isEqualTo(1_100);
    }

    /**
     * The one who deletes dies between new pages, or meets someone who goes on with the session.
     */
    @ParameterizedTest
    @ValueSource(ints = {3, 9, 15, 21, 33, 60})
    void deletion_ofAPartOfALongSession_thatIsBrokenOff_isCompletedByTheNext(int request) {
        table.apply(id, turns(0, 700));
        SessionEvent deletion = event(id).at(99).deleted();
        SessionEvent[] next = turns(700, 701);

        Throwable death =
                catchThrowable(() -> apply(table.writerThatDiesAfter(request), List.of(deletion)));
        assertThat(death == null || CrashingDynamoDb.isCrash(death)).isTrue();
        apply(table.writerThatMeets(request, () -> table.apply(id, next)), List.of(deletion));
        table.apply(id, next);

        assertThat(table.turns(LocalTable.NOW, id, TurnQuery.Order.OLDEST_FIRST, 500))
                .extracting(turn -> Duration.between(START, turn.occurredAt()).toSeconds())
                .containsExactlyElementsOf(LongStream.range(100, 701).boxed().toList());
        assertThat(table.get(id).counters().turns()).isEqualTo(601);
        table.apply(event(id).at(1_000).deleted());
        assertThat(table.keysOf(id)).containsExactly(id);
    }

    private SessionEvent[] turns(int from, int to) {
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = from; i < to; i++) {
            turns.add(event(id).at(i).turn("t-" + i, new Prose(i).text(300)));
        }
        return turns.toArray(SessionEvent[]::new);
    }

    /** Each has a page, and an item, of its own. */
    private SessionEvent[] large(int from, int number) {
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = from; i < from + number; i++) {
            StringBuilder noise = new StringBuilder();
            new Random(i).ints(5_000, 'a', 'z').forEach(letter -> noise.append((char) letter));
            turns.add(event(id).at(i).turn("large-" + i, noise.toString()));
        }
        return turns.toArray(SessionEvent[]::new);
    }

    private List<Outcome> apply(DynamoDbSessionWriter writer, List<SessionEvent> events) {
        return writer.apply(id, events).await().atMost(PATIENCE);
    }
}
