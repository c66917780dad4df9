package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.session.Outcome.APPLIED;
import static dev.parley.session.Outcome.DUPLICATE;
import static dev.parley.session.Outcome.IGNORED;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Counters;
import dev.parley.session.EventBuilder;
import dev.parley.session.Outcome;
import dev.parley.session.Prose;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery.Order;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests sessions that are too long for one item. */
@Tag("slow")
class LongSessionIT {

    @RegisterExtension static final LocalTable table = LocalTable.create();

    private String id = "";

    @BeforeEach
    void nameSession(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void session_of20000Turns_isReadCompletelyInBothOrdersWhileTurnsArrive() throws Exception {
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        int initialTurns = 19_000;
        write(writer, 0, initialTurns, 100);

        List<Turn> ascending;
        List<Turn> descending;
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<?> arriving = other.submit(() -> write(writer, initialTurns, 20_000, 7));
            descending = turns(Order.NEWEST_FIRST, 500);
            ascending = turns(Order.OLDEST_FIRST, 333);
            arriving.get();
        }

        List<String> all = ids(0, 20_000);
        assertThat(ascending).hasSizeBetween(initialTurns, 20_000);
        assertThat(ids(ascending)).isEqualTo(all.subList(0, ascending.size()));
        assertThat(descending).hasSizeBetween(initialTurns, 20_000);
        assertThat(ids(descending.reversed())).isEqualTo(all.subList(0, descending.size()));
        assertThat(ids(turns(Order.OLDEST_FIRST, 500))).isEqualTo(all);
        assertThat(table.get(id).counters().turns()).isEqualTo(20_000);
    }

    @Test
    void replay_ofAllEvents_changesNothing() {
        write(table.writer(LocalTable.NOW), 0, 120, 11);
        Session stored = table.get(id);
        Map<String, AttributeValue> head = table.item(id);

        List<Outcome> outcomes = new ArrayList<>();
        DynamoDbSessionWriter replaying = table.writer(LocalTable.NOW);
        for (List<SessionEvent> batch : batches(0, 120, 30)) {
            outcomes.addAll(replaying.apply(id, batch).await().atMost(TIMEOUT));
        }

        assertThat(outcomes).hasSize(120).containsOnly(DUPLICATE);
        assertThat(table.get(id)).isEqualTo(stored);
        assertThat(table.item(id)).isEqualTo(head);
    }

    @Test
    void turns_thatArriveInReverse_areReadInOrder() {
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        for (int i = 149; i >= 0; i--) {
            writer.apply(id, List.of(turn(i))).await().atMost(TIMEOUT);
        }

        assertThat(ids(turns(Order.OLDEST_FIRST, 20))).isEqualTo(ids(0, 150));
        assertThat(ids(turns(Order.NEWEST_FIRST, 20).reversed())).isEqualTo(ids(0, 150));
        assertThat(table.get(id).startedAt()).isEqualTo(EventBuilder.START);
    }

    @Test
    void turns_thatArriveShuffled_areReadInOrder() {
        List<Integer> numbers = new ArrayList<>(IntStream.range(0, 300).boxed().toList());
        Collections.shuffle(numbers, new Random(3));
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        for (int i = 0; i < numbers.size(); i += 10) {
            List<SessionEvent> batch = numbers.subList(i, i + 10).stream().map(this::turn).toList();
            writer.apply(id, batch).await().atMost(TIMEOUT);
        }

        assertThat(ids(turns(Order.OLDEST_FIRST, 50))).isEqualTo(ids(0, 300));
        assertThat(ids(turns(Order.NEWEST_FIRST, 50).reversed())).isEqualTo(ids(0, 300));
    }

    @Test
    void revision_ofATurnInAPage_replacesTheTurnAndTheGreatestLatency() {
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        writer.apply(id, List.of(event(id).at(0).latencyMs(9_000).turn("t-0", "draft")))
                .await()
                .atMost(TIMEOUT);
        write(writer, 1, 60, 5);

        Outcome outcome =
                table.apply(event(id).at(0).revision(1).latencyMs(10).turn("t-0", "final"));

        assertThat(outcome).isEqualTo(APPLIED);
        List<Turn> turns = turns(Order.OLDEST_FIRST, 100);
        assertThat(turns.getFirst().content()).isEqualTo(EventBuilder.text("final"));
        assertThat(table.get(id).counters()).isEqualTo(Counters.of(turns));
        assertThat(table.get(id).counters().latency().maxMs()).isLessThan(9_000);
    }

    @Test
    void deletion_ofALongSession_leavesNoPage() {
        List<SessionEvent> history = batches(0, 100, 100).getFirst();
        write(table.writer(LocalTable.NOW), 0, 100, 9);
        assertThat(table.item(id + "#p0")).isNotEmpty();

        Outcome deletion = table.apply(event(id).at(1_000).deleted());
        List<Outcome> replayed =
                table.writer(LocalTable.NOW).apply(id, history).await().atMost(TIMEOUT);

        assertThat(deletion).isEqualTo(APPLIED);
        assertThat(replayed).containsOnly(IGNORED);
        assertThat(table.find(id)).isEmpty();
        assertThat(table.keysWithContent(id)).isEmpty();
        table.apply(event(id).at(1_001).turn("t-new", "again"));
        assertThat(ids(turns(Order.OLDEST_FIRST, 10))).containsExactly("t-new");
    }

    @Test
    void deletion_thatArrivesLate_keepsLaterTurns() {
        write(table.writer(LocalTable.NOW), 0, 100, 9);

        table.apply(event(id).at(60).deleted());

        List<Turn> turns = turns(Order.OLDEST_FIRST, 7);
        assertThat(ids(turns)).isEqualTo(ids(61, 100));
        assertThat(table.get(id).counters()).isEqualTo(Counters.of(turns));
        assertThat(ids(turns(Order.NEWEST_FIRST, 7).reversed())).isEqualTo(ids(61, 100));
    }

    @Test
    void turns_thatHaveExpired_areNotReturnedAlthoughTheirPagesExist() {
        write(table.writer(LocalTable.NOW), 0, 100, 9);
        Instant later = EventBuilder.START.plusSeconds(49).plus(LocalTable.RETENTION.events());

        List<Turn> turns = table.turns(later, id, Order.OLDEST_FIRST, 30);

        assertThat(ids(turns)).isEqualTo(ids(50, 100));
        assertThat(table.item(id + "#p0")).isNotEmpty();
        assertThat(table.turns(later.plusSeconds(60), id, Order.OLDEST_FIRST, 30)).isEmpty();
        assertThat(table.find(later.plusSeconds(60), id)).isEqualTo(Optional.empty());
    }

    @Test
    void turn_ofACachedSession_needsNoRead() {
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        writer.apply(id, List.of(turn(0))).await().atMost(TIMEOUT);
        double reads = table.consumed("GetItem");

        for (int i = 1; i < 60; i++) {
            writer.apply(id, List.of(turn(i))).await().atMost(TIMEOUT);
        }

        assertThat(table.consumed("GetItem")).isEqualTo(reads);
    }

    private void write(DynamoDbSessionWriter writer, int from, int to, int batch) {
        for (List<SessionEvent> events : batches(from, to, batch)) {
            assertThat(writer.apply(id, events).await().atMost(TIMEOUT)).containsOnly(APPLIED);
        }
    }

    private List<List<SessionEvent>> batches(int from, int to, int size) {
        List<List<SessionEvent>> batches = new ArrayList<>();
        for (int i = from; i < to; i += size) {
            batches.add(IntStream.range(i, Math.min(to, i + size)).mapToObj(this::turn).toList());
        }
        return batches;
    }

    /** Creates the turn at second {@code number}. Turns with the same number are equal. */
    private SessionEvent turn(int number) {
        return event(id)
                .at(number)
                .usage(number, 1)
                .latencyMs(100 + number % 50)
                .turn("t-" + number, new Prose(number).text(200));
    }

    private List<Turn> turns(Order order, int limit) {
        return table.turns(LocalTable.NOW, id, order, limit);
    }

    private static List<String> ids(List<Turn> turns) {
        return turns.stream().map(Turn::id).toList();
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "t-" + number).toList();
    }
}
