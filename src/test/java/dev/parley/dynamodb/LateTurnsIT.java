package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.session.Outcome.APPLIED;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.EventBuilder;
import dev.parley.session.Outcome;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery.Order;
import dev.parley.session.Usage;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the worst cases of late turns: many turns in one gap, and turns of the greatest size. */
@Tag("store")
class LateTurnsIT {

    private static final int SECONDS_APART = 10_000;

    @RegisterExtension static final LocalTable table = LocalTable.create();

    /**
     * Each late turn belongs to the newest split, so that this split is split again. The name of
     * the new split continues the name of the old one.
     */
    @Test
    void lateTurns_eachDirectlyAfterTheOneBefore_nestSplitsOnlyAFewLevelsDeep() {
        String id = "gap";
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        List<SessionEvent> inOrder = turns(id, 0, 60, SECONDS_APART);
        writer.apply(id, inOrder).await().atMost(TIMEOUT);

        List<SessionEvent> late = turns(id, 5 * SECONDS_APART + 1, 300, 1);
        for (int i = 0; i < late.size(); i += 20) {
            assertThat(writer.apply(id, late.subList(i, i + 20)).await().atMost(TIMEOUT))
                    .containsOnly(APPLIED);
        }

        int deepest =
                table.keysOf(id).stream()
                        .mapToInt(key -> (int) key.chars().filter(c -> c == '.').count())
                        .max()
                        .orElseThrow();
        assertThat(deepest).isBetween(2, 12);
        List<SessionEvent> all = new ArrayList<>(inOrder);
        all.addAll(late);
        all.sort(Comparator.comparing(SessionEvent::occurredAt));
        assertThat(table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 200))
                .extracting(Turn::occurredAt)
                .isEqualTo(all.stream().map(SessionEvent::occurredAt).toList());
    }

    /** Revises the first turns of the first page and of the second page, which share an item. */
    @Test
    void turns_revisedToAnySize_areStored() {
        String id = "x".repeat(1_024);
        List<SessionEvent> inOrder = turns(id, 0, 60, 1);
        table.apply(LocalTable.NOW, id, inOrder.toArray(SessionEvent[]::new));
        for (int second = 0; second < 20; second++) {
            assertThat(table.apply(randomTurn(id, second, 140_000))).isEqualTo(APPLIED);
        }

        for (int second = 0; second < 20; second++) {
            assertThat(table.apply(randomTurn(id, second, 280_000))).isEqualTo(APPLIED);
        }

        assertThat(table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 5)).hasSize(60);
    }

    @Test
    void turn_beforeAllOthersAndLarge_isStored() {
        String id = "early";
        table.apply(LocalTable.NOW, id, turns(id, 0, 60, 1).toArray(SessionEvent[]::new));

        assertThat(table.apply(randomTurn(id, -1, 380_000))).isEqualTo(APPLIED);
        assertThat(table.apply(randomTurn(id, -2, 380_000))).isEqualTo(APPLIED);
        assertThat(table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 100)).hasSize(62);
    }

    /** Nearly every late turn needs a separate item, and a transaction writes at most 100 items. */
    @Test
    void turns_thatSplitAPageIntoMoreItemsThanATransactionTakes_areWrittenInSeveralTransactions() {
        String id = "split";
        List<SessionEvent> small = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            small.add(event(id).at(10L * i).turn("t" + i, ""));
        }
        table.apply(LocalTable.NOW, id, small.toArray(SessionEvent[]::new));
        table.apply(randomTurn(id, 100_000, 5_000));
        List<SessionEvent> late = new ArrayList<>();
        for (int i = 0; i < 110; i++) {
            late.add(
                    event(id)
                            .at(10L * i + 5)
                            .userId(ideographs(1_000 + i))
                            .channel(ideographs(2_000 + i))
                            .turn(ideographs(i), ""));
        }

        assertThat(table.writer(LocalTable.NOW).apply(id, late).await().atMost(TIMEOUT))
                .containsOnly(APPLIED);

        assertThat(table.get(id).counters().turns()).isEqualTo(231);
        assertThat(table.turns(LocalTable.NOW, id, Order.OLDEST_FIRST, 100)).hasSize(231);
    }

    /** Every turn has the greatest latency, for example because every turn timed out. */
    @Test
    void revision_thatKeepsTheGreatestLatency_readsNoItems() {
        String id = "latency";
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        for (int i = 0; i < 60; i++) {
            SessionEvent turn =
                    event(id).at(i).latencyMs(30_000).turn("t-" + i, "late answer " + i);
            assertThat(apply(writer, turn)).isEqualTo(APPLIED);
        }
        double before = table.consumed("BatchGetItem") + table.consumed("GetItem");

        SessionEvent same = event(id).at(59).latencyMs(30_000).revision(1).turn("t-59", "fixed");
        SessionEvent lower = event(id).at(58).latencyMs(10).revision(1).turn("t-58", "fixed");
        List<Outcome> outcomes = List.of(apply(writer, same), apply(writer, lower));

        assertThat(outcomes).containsOnly(APPLIED);
        assertThat(table.consumed("BatchGetItem") + table.consumed("GetItem")).isEqualTo(before);
        assertThat(table.get(id).counters().latency().maxMs()).isEqualTo(30_000);
        assertThat(table.get(id).counters().latency().sumMs()).isEqualTo(59 * 30_000 + 10);
    }

    /**
     * The cached head of the outdated writer is older than the turn that the other writer stored.
     */
    @Test
    void revision_ofATurnThatAnotherWriterHasStoredMeanwhile_isCountedOnce() {
        String id = "meanwhile";
        DynamoDbSessionWriter outdated = table.writer(LocalTable.NOW);
        outdated.apply(id, turns(id, 0, 60, SECONDS_APART)).await().atMost(TIMEOUT);
        for (int late = 1; late <= 40; late++) {
            EventBuilder turn =
                    event(id).at(EventBuilder.START.plusSeconds(20L * SECONDS_APART + late));
            String text = new Prose(late).text(late * 100);

            assertThat(table.apply(turn.usage(100L * late, 7).turn("late-" + late, text)))
                    .isEqualTo(APPLIED);
            assertThat(apply(outdated, turn.revision(1).usage(3, 1).turn("late-" + late, "Less.")))
                    .isEqualTo(APPLIED);

            assertThat(table.get(id).counters().usage()).isEqualTo(new Usage(3L * late, late));
        }
    }

    private static Outcome apply(DynamoDbSessionWriter writer, SessionEvent event) {
        return writer.apply(event.sessionId(), List.of(event)).await().atMost(TIMEOUT).getFirst();
    }

    /**
     * Creates the greatest number of characters that an id may have. They have three bytes each and
     * hardly deflate.
     */
    private static String ideographs(int seed) {
        StringBuilder text = new StringBuilder();
        new Random(seed).ints(512, 0x4e00, 0x9fa0).forEach(each -> text.append((char) each));
        return text.toString();
    }

    /**
     * Creates a turn that deflates to little more than this number of bytes, since it is random
     * Base64.
     */
    private static SessionEvent randomTurn(String id, int second, int bytes) {
        byte[] noise = new byte[bytes];
        new Random(1).nextBytes(noise);
        return event(id)
                .at(second)
                .revision(bytes)
                .turn("t-" + second, Base64.getEncoder().encodeToString(noise));
    }

    private static List<SessionEvent> turns(String id, int from, int number, int secondsApart) {
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            int at = from + i * secondsApart;
            turns.add(
                    event(id)
                            .at(EventBuilder.START.plusSeconds(at))
                            .turn("t-" + at, new Prose(at).text(200)));
        }
        return turns;
    }
}
