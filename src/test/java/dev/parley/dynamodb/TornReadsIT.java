package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.json.Turns;
import dev.parley.session.Consistency;
import dev.parley.session.EventBuilder;
import dev.parley.session.FollowStart;
import dev.parley.session.Json;
import dev.parley.session.Prose;
import dev.parley.session.ResultPage;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionChange.SessionChanged;
import dev.parley.session.SessionChange.SessionGone;
import dev.parley.session.SessionChange.TurnChanged;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionReader;
import dev.parley.session.SessionStoreException;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import dev.parley.session.TurnQuery.Order;
import io.smallrye.mutiny.Multi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests reads of a session that changes between two requests of the read, and reads from outdated
 * replicas.
 */
@Tag("slow")
class TornReadsIT {

    private static final int TURNS = 60;

    @RegisterExtension static final LocalTable table = LocalTable.create(RandomHistory.TAIL_BYTES);

    private String id = "";

    @BeforeEach
    void nameSession(TestInfo test) {
        id = test.getDisplayName() + test.getTestMethod().orElseThrow().getName();
    }

    /**
     * Returns the number of the read before which the deletion is written, the order of the turns,
     * and the consistency of the reads.
     */
    static Stream<Arguments> erasureCases() {
        return IntStream.rangeClosed(1, 5)
                .boxed()
                .flatMap(
                        read ->
                                Stream.of(Order.values())
                                        .flatMap(
                                                order ->
                                                        Stream.of(Consistency.values())
                                                                .map(
                                                                        mode ->
                                                                                Arguments.of(
                                                                                        read, order,
                                                                                        mode))));
    }

    @ParameterizedTest
    @MethodSource("erasureCases")
    void list_partlyErasedDuringRead_hasAllRemainingTurns(
            int read, Order order, Consistency consistency) {
        write(0, TURNS);
        SessionReader reader = readerWithEventBefore(read, event(id).at(20).deleted());

        List<String> listed = list(reader, order, consistency);

        assertThat(listed).containsAll(ids(21, TURNS)).doesNotHaveDuplicates();
        assertThat(listed).isSubsetOf(ids(0, TURNS));
    }

    @ParameterizedTest
    @MethodSource("erasureCases")
    void stream_partlyErasedDuringRead_hasAllRemainingTurns(
            int read, Order order, Consistency consistency) {
        write(0, 3 * TURNS);
        SessionReader reader = readerWithEventBefore(read, event(id).at(20).deleted());

        List<String> streamed = stream(reader, order, consistency);

        assertThat(streamed).containsAll(ids(21, 3 * TURNS)).doesNotHaveDuplicates();
    }

    @Test
    void stream_ofSessionDeletedDuringRead_fails() {
        write(0, TURNS);
        SessionReader reader = readerWithEventBefore(2, event(id).at(1_000).deleted());

        assertThatThrownBy(() -> stream(reader, Order.OLDEST_FIRST, Consistency.EVENTUAL))
                .isInstanceOf(SessionStoreException.Unavailable.class);
    }

    @Test
    void list_ofSessionDeletedDuringRead_isEmpty() {
        write(0, TURNS);
        SessionReader reader = readerWithEventBefore(2, event(id).at(1_000).deleted());

        assertThat(reader.listTurns(id, all(Order.OLDEST_FIRST)).await().atMost(TIMEOUT)).isEmpty();
    }

    @Test
    void list_fromReplicaOfPageWithoutLateTurn_containsLateTurn() {
        write(0, TURNS);
        ObservedDynamoDb requests = table.observed();
        freezePages(requests);
        table.apply(
                event(id).at(EventBuilder.START.plusMillis(10_500)).turn("late", "I come late"));

        assertThat(
                        list(
                                table.reader(LocalTable.NOW, requests),
                                Order.OLDEST_FIRST,
                                Consistency.EVENTUAL))
                .contains("late")
                .hasSize(TURNS + 1);
        assertThat(
                        list(
                                table.reader(LocalTable.NOW, requests),
                                Order.NEWEST_FIRST,
                                Consistency.EVENTUAL))
                .contains("late")
                .hasSize(TURNS + 1);
    }

    /** Makes the replicas keep the current items of all pages, but not that of the head. */
    private void freezePages(ObservedDynamoDb requests) {
        table.keysOf(id).stream()
                .filter(key -> !key.equals(id))
                .forEach(key -> requests.setReplicaItem(key, table.item(key)));
    }

    /**
     * One writer writes a page and crashes. Another writer writes the same page with one more turn.
     */
    @Test
    void list_fromReplicaOfPageOfCrashedWriter_hasTurnsOfCurrentPage() {
        Map<String, AttributeValue> orphan = Map.of();
        SessionEvent last = turn(0);
        for (int i = 0; orphan.isEmpty(); i++) {
            last = turn(2 * i);
            crashAfterWritingPage(last);
            orphan = table.item(id + "#p0");
        }
        ObservedDynamoDb requests = table.observed();
        requests.setReplicaItem(id + "#p0", orphan);

        table.apply(LocalTable.NOW, id, event(id).at(1).turn("late", "I come late"), last);

        assertThat(
                        list(
                                table.reader(LocalTable.NOW, requests),
                                Order.OLDEST_FIRST,
                                Consistency.EVENTUAL))
                .contains("late")
                .hasSize(table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 50).size());
    }

    private void crashAfterWritingPage(SessionEvent event) {
        try {
            table.writerThatCrashesAfterItsFirstPage()
                    .apply(id, List.of(event))
                    .await()
                    .atMost(TIMEOUT);
        } catch (RandomlyCrashingDynamoDb.Crash e) {
            assertThat(table.item(id + "#p0")).isNotEmpty();
        }
    }

    @Test
    void list_whoseNextPartReadsOlderHead_continues() {
        write(0, 20);
        ObservedDynamoDb requests = table.observed();
        Map<String, AttributeValue> former = table.item(id);
        write(20, TURNS);
        SessionReader reader = table.reader(LocalTable.NOW, requests);
        ResultPage<Json> first =
                reader.listTurns(id, TurnQuery.all(Order.OLDEST_FIRST, 30, Optional.empty()))
                        .await()
                        .atMost(TIMEOUT)
                        .orElseThrow();
        requests.setReplicaItem(id, former);

        ResultPage<Json> rest =
                reader.listTurns(id, TurnQuery.all(Order.OLDEST_FIRST, 100, first.next()))
                        .await()
                        .atMost(TIMEOUT)
                        .orElseThrow();

        assertThat(ids(rest.items())).isEqualTo(ids(30, TURNS));
    }

    @Test
    void follower_ofSessionThatNoReplicaHas_receivesChanges() {
        table.apply(event(id).turn("t-0", "hi"));
        ObservedDynamoDb requests = table.observed();
        requests.setReplicaItem(id, Map.of());
        SessionReader reader = table.reader(LocalTable.NOW, requests);

        List<SessionChange> received = new CopyOnWriteArrayList<>();
        reader.follow(id, new FollowStart.Recent())
                .await()
                .atMost(TIMEOUT)
                .orElseThrow()
                .invoke(received::add)
                .invoke(this::writeNextTurn)
                .select()
                .first(change -> !isLast(change))
                .collect()
                .last()
                .await()
                .atMost(TIMEOUT);

        assertThat(received).noneMatch(SessionGone.class::isInstance);
        assertThat(received.getLast()).isInstanceOf(TurnChanged.class);
    }

    /**
     * Writes the next turn. Does not wait for the write, because the caller is the stream of
     * changes.
     */
    private void writeNextTurn(SessionChange change) {
        if (change instanceof SessionChanged) {
            table.writer(LocalTable.NOW)
                    .apply(id, List.of(event(id).at(1).turn("t-1", "hi again")))
                    .subscribe()
                    .with(done -> {});
        }
    }

    private static boolean isLast(SessionChange change) {
        return change instanceof SessionGone
                || (change instanceof TurnChanged(var json, var _)
                        && Turns.read(json).id().equals("t-1"));
    }

    /** Returns a reader. The event is applied before the read with the given number. */
    private SessionReader readerWithEventBefore(int read, SessionEvent event) {
        ObservedDynamoDb requests = table.observed();
        requests.beforeRead(read, () -> table.writer(LocalTable.NOW).apply(id, List.of(event)));
        return table.reader(LocalTable.NOW, requests);
    }

    private List<String> list(SessionReader reader, Order order, Consistency consistency) {
        List<String> ids = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            ResultPage<Json> part =
                    reader.listTurns(id, new TurnQuery(order, TimeRange.ALL, 25, next, consistency))
                            .await()
                            .atMost(TIMEOUT)
                            .orElseThrow();
            ids.addAll(ids(part.items()));
            next = part.next();
        } while (next.isPresent());
        return ids;
    }

    private List<String> stream(SessionReader reader, Order order, Consistency consistency) {
        TurnQuery query = new TurnQuery(order, TimeRange.ALL, 1, Optional.empty(), consistency);
        List<String> ids = new ArrayList<>();
        Multi<List<Json>> turns =
                reader.streamTurns(id, query).await().atMost(TIMEOUT).orElseThrow();
        turns.collect().asList().await().atMost(TIMEOUT).forEach(some -> ids.addAll(ids(some)));
        return ids;
    }

    private static TurnQuery all(Order order) {
        return TurnQuery.all(order, 500, Optional.empty());
    }

    private void write(int from, int to) {
        SessionEvent[] turns =
                IntStream.range(from, to).mapToObj(this::turn).toArray(SessionEvent[]::new);
        table.apply(LocalTable.NOW, id, turns);
    }

    private SessionEvent turn(int second) {
        return event(id).at(second).turn("t-" + second, new Prose(second).text(100));
    }

    private static List<String> ids(List<Json> turns) {
        return Turns.read(turns).stream().map(Turn::id).toList();
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(second -> "t-" + second).toList();
    }
}
