package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.START;
import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.Format;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.json.Turns;
import dev.parley.session.InvalidCursorException;
import dev.parley.session.Prose;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.SessionModel;
import dev.parley.session.SessionStoreException;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests that sessions are read and carried on whose items an earlier version of Parley has written,
 * and that items of a later version are not misread.
 */
@Tag("slow")
class FirstFormatIT {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final Map<String, List<SessionEvent>> EVENTS = FirstFormatSessions.events();
    private static final int MORE_EVENTS = 40;

    @RegisterExtension static final LocalTable table = LocalTable.create();

    @BeforeEach
    void storeItems() {
        table.createTable();
        for (String id : EVENTS.keySet()) {
            table.deleteItemsOf(id);
        }
        FirstFormatSessions.items().forEach(table::put);
    }

    @Test
    void sessions_areReadAsTheyWereWritten() {
        EVENTS.forEach(FirstFormatIT::assertStored);
    }

    /** The further events include late turns and revisions for all old pages, and duplicates. */
    @ParameterizedTest
    @EnumSource
    void sessions_areCarriedOn(Format format) {
        System.out.printf("FirstFormatIT: -Dparley.seed=%d%n", SEED);
        EVENTS.forEach(
                (id, written) -> {
                    Random random = new Random(SEED + id.hashCode());
                    List<SessionEvent> all = new ArrayList<>(written);
                    DynamoDbSessionWriter writer = table.writer(format);
                    for (int i = 0; i < MORE_EVENTS; i++) {
                        SessionEvent next = next(id, i, all, random);
                        all.add(next);
                        writer.apply(id, List.of(next)).await().atMost(TIMEOUT);
                        if (random.nextInt(8) == 0) {
                            writer = table.writer(format);
                            assertStored(id, all);
                        }
                    }
                    assertStored(id, all);
                });
    }

    private static SessionEvent next(
            String id, int number, List<SessionEvent> written, Random random) {
        SessionEvent any = written.get(random.nextInt(written.size()));
        return switch (random.nextInt(6)) {
            case 0 -> any instanceof TurnRecorded ? any : new Prose(number).turn(id, 200 + number);
            case 1 ->
                    event(id)
                            .at(START.plusMillis(random.nextInt(60_000)))
                            .latencyMs(random.nextInt(5_000))
                            .turn("late-" + number, new Prose(number).text(300));
            case 2 -> revised(any, number);
            default -> new Prose(number).turn(id, 200 + number);
        };
    }

    private static SessionEvent revised(SessionEvent event, int number) {
        return event instanceof TurnRecorded recorded
                ? event(event.sessionId())
                        .at(event.occurredAt())
                        .role(recorded.turn().role())
                        .revision(recorded.turn().revision() + 1 + number)
                        .turn(recorded.turn().id(), "revised " + number)
                : event;
    }

    /**
     * An instance of the earlier version has returned some turns, and a cursor. The tail of that
     * moment is sealed into the newest page afterwards.
     */
    @Test
    void list_thatAnEarlierVersionBegan_isContinuedWithoutAGap() {
        String id = "carried-on";
        Prose prose = new Prose(SEED);
        List<SessionEvent> turns = new ArrayList<>();
        DynamoDbSessionWriter writer = table.writer(Format.SECOND);
        for (int i = 0; i < 30; i++) {
            turns.add(prose.turn(id, i));
            writer.apply(id, List.of(turns.get(i))).await().atMost(TIMEOUT);
            SessionHead head = table.visibleHead(id).orElseThrow().head();
            if (!head.pages().isEmpty() && head.tail().size() == 1) {
                Turn last = ((TurnRecorded) turns.get(i)).turn();
                String cursor =
                        "%d %d %s 0 %s %s"
                                .formatted(
                                        head.version(),
                                        head.pages().next(),
                                        last.occurredAt(),
                                        last.role().wireName(),
                                        last.id());
                List<SessionEvent> further = new ArrayList<>();
                while (further.size() < 8) {
                    i++;
                    further.add(prose.turn(id, i));
                    turns.add(further.getLast());
                    writer.apply(id, List.of(further.getLast())).await().atMost(TIMEOUT);
                }
                TurnQuery query =
                        TurnQuery.all(TurnQuery.Order.OLDEST_FIRST, 100, Optional.of(cursor));
                assertThat(
                                table.reader(LocalTable.NOW)
                                        .listTurns(id, query)
                                        .await()
                                        .atMost(TIMEOUT)
                                        .orElseThrow()
                                        .items())
                        .isEqualTo(SessionModel.of(id, further).orElseThrow().recentTurns());
            }
        }
        assertThat(turns).hasSizeGreaterThan(30);
    }

    @Test
    void cursorOfALaterFormat_isRefused() {
        TurnQuery query =
                TurnQuery.all(
                        TurnQuery.Order.OLDEST_FIRST,
                        100,
                        Optional.of("v3 1 0 2026-11-22T10:00:00Z 0 user t-1"));

        assertThatExceptionOfType(InvalidCursorException.class)
                .isThrownBy(
                        () ->
                                table.reader(LocalTable.NOW)
                                        .listTurns("many-pages", query)
                                        .await()
                                        .atMost(TIMEOUT));
    }

    @Test
    void sessions_thatAreDeleted_leaveNoTurns() {
        for (String id : EVENTS.keySet()) {
            table.apply(event(id).at(100_000).deleted());

            assertThat(table.find(id)).isEmpty();
            assertThat(table.keysWithContent(id)).isEmpty();
        }
    }

    private static void assertStored(String id, List<SessionEvent> events) {
        Session expected = SessionModel.of(id, events).orElseThrow();
        List<Turn> turns = Turns.read(expected.recentTurns());
        assertThat(table.find(id).map(SessionModel::apartFromLayout))
                .as("%s, seed %d", id, SEED)
                .isEqualTo(Optional.of(SessionModel.apartFromLayout(expected)));
        assertThat(table.turns(LocalTable.NOW, id, TurnQuery.Order.OLDEST_FIRST, 13))
                .as("%s, seed %d", id, SEED)
                .isEqualTo(turns);
        assertThat(table.turns(LocalTable.NOW, id, TurnQuery.Order.NEWEST_FIRST, 9).reversed())
                .as("%s, seed %d", id, SEED)
                .isEqualTo(turns);
    }

    /** Neither a reader nor a writer misreads a session of a later version. */
    @Test
    void session_ofALaterFormat_isNotReadAndNotChanged() {
        table.setAttribute("many-pages", SessionTable.FORMAT, Attributes.number(3));
        Map<String, AttributeValue> before = table.item("many-pages");
        SessionEvent turn = event("many-pages").at(500).turn("t-500", "hi");

        Throwable read = catchThrowable(() -> table.find("many-pages"));
        Throwable written = catchThrowable(() -> table.apply(turn));

        assertThat(List.of(read, written))
                .allSatisfy(
                        failure ->
                                assertThat(failure)
                                        .isInstanceOf(SessionStoreException.Unavailable.class)
                                        .hasMessageContaining("format 3")
                                        .hasMessageContaining("update this instance"));
        assertThat(table.item("many-pages")).isEqualTo(before);
    }
}
