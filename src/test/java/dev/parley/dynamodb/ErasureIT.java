package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.START;
import static dev.parley.session.EventBuilder.event;
import static dev.parley.session.Outcome.APPLIED;
import static dev.parley.session.Outcome.IGNORED;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.session.Outcome;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests that no item of a session contains an erased turn, once the erasure is settled. */
@Tag("store")
class ErasureIT {

    private static final Duration RETENTION = LocalTable.RETENTION.events();

    @RegisterExtension static final LocalTable table = LocalTable.create();
    private String id = "";

    @BeforeEach
    void nameSession(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName() + test.getDisplayName();
    }

    /**
     * A writer crashes after a number of requests: between two pages, or between a page and the
     * head. Then another writer deletes the session.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void pages_whoseWriterCrashed_areErased(int requests) {
        SessionEvent[] turns = largeTurns(0, 5);
        DynamoDbSessionWriter crashing = table.writerThatCrashesAfter(requests);
        assertThat(catchThrowable(() -> apply(crashing, List.of(turns)))).isNotNull();

        Outcome deletion = table.apply(event(id).at(50).deleted());

        assertThat(deletion).isEqualTo(APPLIED);
        assertThat(table.keysWithContent(id)).isEmpty();
        assertThat(table.apply(id, turns)).containsOnly(IGNORED);
        assertThat(table.keysWithContent(id)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void pages_ofALongerSessionWhoseWriterCrashed_areErased(int requests) {
        table.apply(id, turns(0, 30 + requests));
        DynamoDbSessionWriter crashing = table.writerThatCrashesAfter(requests);
        Throwable crash = catchThrowable(() -> apply(crashing, List.of(largeTurns(100, 5))));

        table.apply(event(id).at(200).deleted());

        assertThat(RandomlyCrashingDynamoDb.isCrash(crash)).isTrue();
        assertThat(table.keysWithContent(id)).isEmpty();
    }

    /**
     * The writer made its plan before the deletion. It writes a page after the deletion and
     * crashes.
     */
    @Test
    void page_thatIsWrittenAfterADeletion_isErasedWhenItsRecordsAreDeliveredAgain() {
        table.apply(id, turns(0, 30));
        SessionEvent[] turns = largeTurns(100, 1);
        DynamoDbSessionWriter outdated =
                table.writerThatCrashesAfter(3, () -> table.apply(event(id).at(200).deleted()));
        assertThat(catchThrowable(() -> apply(outdated, List.of(turns)))).isNotNull();

        List<Outcome> again = table.apply(id, turns);

        assertThat(again).containsOnly(IGNORED);
        assertThat(table.keysWithContent(id)).isEmpty();
    }

    /**
     * Two writers begin the same page. The page of the faster one is erased before the slower one
     * writes its own. A reader with an old head could otherwise take it for the erased page.
     */
    @Test
    void page_thatWasErased_isNotWrittenByASlowerWriter() {
        table.apply(id, turns(0, 30));
        DynamoDbSessionWriter outdated =
                table.writerThatCrashesAfter(
                        3,
                        () -> {
                            table.apply(id, largeTurns(110, 1));
                            table.apply(event(id).at(200).deleted());
                        });

        assertThat(catchThrowable(() -> apply(outdated, List.of(largeTurns(100, 1))))).isNotNull();

        assertThat(table.keysWithContent(id)).isEmpty();
    }

    /**
     * The deletion happens between two new items of another writer, which crashes before it writes
     * the head. So the first item is erased before the second one exists.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 13})
    void itemsWrittenAfterADeletion_areErasedWhenTheirRecordsAreDeliveredAgain(int before) {
        table.apply(id, turns(0, 30));
        SessionEvent[] turns = largeTurns(100, before + 2);
        DynamoDbSessionWriter outdated =
                table.writerThatCrashesAfter(
                        3 + before, () -> table.apply(event(id).at(200).deleted()));
        assertThat(catchThrowable(() -> apply(outdated, List.of(turns)))).isNotNull();

        List<Outcome> again = table.apply(id, turns);

        assertThat(again).containsOnly(IGNORED);
        assertThat(table.keysWithContent(id)).isEmpty();
    }

    /** DynamoDB has not deleted any of the expired items yet. */
    @Test
    void pages_ofAFormerLifeThatHasExpired_areErased() {
        table.apply(id, turns(0, 60));
        Instant later = LocalTable.NOW.plus(RETENTION).plusSeconds(1);
        table.apply(later, id, event(id).at(later.minusSeconds(10)).turn("new", "a new life"));

        table.apply(later, id, event(id).at(later.minusSeconds(5)).deleted());

        assertThat(table.keysWithContent(id)).isEmpty();
    }

    @Test
    void pages_ofASessionThatHasExpired_areErased() {
        table.apply(id, turns(0, 60));
        Instant later = LocalTable.NOW.plus(RETENTION).plusSeconds(1);

        table.apply(later, id, event(id).at(later.minusSeconds(5)).deleted());

        assertThat(table.keysWithContent(id)).isEmpty();
    }

    /**
     * The deletion may be older than the time for which deletions are remembered, but not older
     * than the retention of turns.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 29, 31, 60, 88})
    void deletion_ofAnyAge_isRemembered(int days) {
        Instant deletedAt = LocalTable.NOW.minus(Duration.ofDays(days));
        SessionEvent turn = event(id).at(deletedAt.minusSeconds(60)).turn("t-1", "forget me");

        table.apply(id, event(id).at(deletedAt).deleted());
        Outcome replayed = table.apply(turn);
        List<Outcome> replayedLater =
                table.apply(
                        LocalTable.NOW.plus(LocalTable.RETENTION.deletions()).minusSeconds(1),
                        id,
                        turn);

        assertThat(replayed).isEqualTo(IGNORED);
        assertThat(replayedLater).containsOnly(IGNORED);
        assertThat(table.find(id)).isEmpty();
    }

    @Test
    void deletion_thatKeepsLaterTurns_erasesEarlierTurnsFromAllItems() {
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
     * Another writer may have written a page for a head that the deletion replaced, and a replica
     * may still have it. Readers accept no older form of a page than the next page and the head
     * state.
     */
    @ParameterizedTest
    @ValueSource(ints = {10, 49, 60})
    void deletion_statesTheOldestFormThatCountsOfEachPage(int second) {
        table.apply(id, turns(0, 100));
        table.apply(event(id).at(2).deleted());

        table.apply(event(id).at(second).deleted());

        Map<String, AttributeValue> head = table.item(id);
        long next = Attributes.number(head, SessionTable.PAGES);
        long first = Attributes.number(head, SessionTable.FIRST_PAGE);
        assertThat(next).isGreaterThan(first + PageKey.STEP);
        long expected = 0;
        for (long number = first; number < next; number += PageKey.STEP) {
            Map<String, AttributeValue> page = table.item(id + "#p" + number);
            assertThat(Attributes.number(page, SessionTable.FOLLOWS)).isEqualTo(expected);
            expected = Attributes.number(page, SessionTable.SEALED_AT_VERSION);
            assertThat(expected).isEqualTo(Attributes.number(head, SessionTable.VERSION) - 1);
        }
        assertThat(Attributes.number(head, SessionTable.SEALED)).isEqualTo(expected);
    }

    /**
     * The deletion writes the turns that it keeps to new pages. The other writer may have chosen
     * the same page numbers for its own new pages.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void deletion_betweenTheRequestsOfAnotherWriter_losesNoLaterTurn(int request) {
        table.apply(id, turns(0, 60));
        DynamoDbSessionWriter other =
                table.writerInterruptedBefore(
                        request, () -> table.apply(event(id).at(20).deleted()));

        apply(other, List.of(largeTurns(100, 5)));

        table.apply(event(id).at(20).deleted());
        assertThat(table.turns(LocalTable.NOW, id, TurnQuery.Order.OLDEST_FIRST, 100))
                .extracting(turn -> Duration.between(START, turn.occurredAt()).toSeconds())
                .containsExactlyElementsOf(
                        LongStream.concat(LongStream.range(21, 60), LongStream.range(100, 105))
                                .boxed()
                                .toList());
        assertThat(table.get(id).counters().turns()).isEqualTo(44);
    }

    /** The writer has only a few pages of a long session in memory: it writes while it reads. */
    @Test
    void deletion_ofAPartOfALongSession_writesNewPagesBeforeItHasReadAllOldOnes() {
        SessionEvent[] turns = turns(0, 1_200);
        table.apply(id, turns);
        List<String> operations = new ArrayList<>();

        apply(table.writerThatRecords(operations), List.of(event(id).at(99).deleted()));

        assertThat(operations.subList(0, operations.lastIndexOf("read"))).contains("write");
        assertThat(table.turns(LocalTable.NOW, id, TurnQuery.Order.OLDEST_FIRST, 500))
                .extracting(turn -> Duration.between(START, turn.occurredAt()).toSeconds())
                .containsExactlyElementsOf(LongStream.range(100, 1_200).boxed().toList());
        assertThat(table.get(id).counters().turns()).isEqualTo(1_100);
    }

    /**
     * The writer that deletes crashes between new pages, or another writer continues the session
     * between its requests.
     */
    @ParameterizedTest
    @ValueSource(ints = {3, 9, 15, 21, 33, 60})
    void deletion_ofAPartOfALongSessionThatIsInterrupted_isCompletedByTheNextWriter(int request) {
        table.apply(id, turns(0, 700));
        SessionEvent deletion = event(id).at(99).deleted();
        SessionEvent[] next = turns(700, 701);

        Throwable crash =
                catchThrowable(
                        () -> apply(table.writerThatCrashesAfter(request), List.of(deletion)));
        assertThat(crash == null || RandomlyCrashingDynamoDb.isCrash(crash)).isTrue();
        apply(
                table.writerInterruptedBefore(request, () -> table.apply(id, next)),
                List.of(deletion));
        table.apply(id, next);

        assertThat(table.turns(LocalTable.NOW, id, TurnQuery.Order.OLDEST_FIRST, 500))
                .extracting(turn -> Duration.between(START, turn.occurredAt()).toSeconds())
                .containsExactlyElementsOf(LongStream.range(100, 701).boxed().toList());
        assertThat(table.get(id).counters().turns()).isEqualTo(601);
        table.apply(event(id).at(1_000).deleted());
        assertThat(table.keysWithContent(id)).isEmpty();
    }

    private SessionEvent[] turns(int from, int to) {
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = from; i < to; i++) {
            turns.add(event(id).at(i).turn("t-" + i, new Prose(i).text(300)));
        }
        return turns.toArray(SessionEvent[]::new);
    }

    /** Creates turns so large that each of them needs a separate page and a separate item. */
    private SessionEvent[] largeTurns(int from, int number) {
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = from; i < from + number; i++) {
            StringBuilder noise = new StringBuilder();
            new Random(i).ints(5_000, 'a', 'z').forEach(letter -> noise.append((char) letter));
            turns.add(event(id).at(i).turn("large-" + i, noise.toString()));
        }
        return turns.toArray(SessionEvent[]::new);
    }

    private List<Outcome> apply(DynamoDbSessionWriter writer, List<SessionEvent> events) {
        return writer.apply(id, events).await().atMost(TIMEOUT);
    }
}
