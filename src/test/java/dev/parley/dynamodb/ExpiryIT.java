package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.START;
import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.json.Turns;
import dev.parley.session.Counters;
import dev.parley.session.EventCopies;
import dev.parley.session.Prose;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.SessionModel;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery.Order;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests sessions whose turns expire while the session continues, and sessions that begin a new life
 * after all of their turns have expired. DynamoDB deletes expired items at any time and in any
 * order.
 *
 * <p>Counters include every turn of a session's life, also expired turns, with two exceptions. If
 * the turn with the greatest latency is revised to a lower one, the new maximum is the greatest
 * latency of the turns that have not expired. After a deletion, the remaining turns are counted
 * again.
 */
@Tag("slow")
class ExpiryIT {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int HISTORIES = Integer.getInteger("parley.histories", 12);
    private static final Duration RETENTION = LocalTable.RETENTION.events();
    private static final List<Duration> PAUSES =
            List.of(
                    Duration.ofDays(10),
                    Duration.ofDays(50),
                    RETENTION.plusDays(1),
                    RETENTION.plusDays(30));

    @RegisterExtension static final LocalTable table = LocalTable.create(RandomHistory.TAIL_BYTES);

    @BeforeAll
    static void printSeed() {
        System.out.printf("ExpiryIT: -Dparley.seed=%d%n", SEED);
    }

    @Test
    void session_whoseExpiredItemsAreDeletedInAnyOrder_equalsTheModel() {
        for (int history = 0; history < HISTORIES; history++) {
            verifyHistory("s-" + history, new Random(SEED + history));
        }
    }

    private static void verifyHistory(String id, Random random) {
        Instant now = START.plusSeconds(1_000);
        List<SessionEvent> life = new ArrayList<>();
        Instant asOf = START;
        for (int stage = 0; stage < 4; stage++) {
            if (!asOf.plus(RETENTION).isAfter(now)) {
                life.clear();
            }
            List<SessionEvent> events = stage(id, stage, now, random);
            life.addAll(events);
            asOf =
                    events.stream()
                            .map(SessionEvent::occurredAt)
                            .max(Instant::compareTo)
                            .orElseThrow();
            for (int from = 0; from < events.size(); from += 7) {
                int to = Math.min(events.size(), from + 7);
                table.apply(now, id, events.subList(from, to).toArray(SessionEvent[]::new));
            }
            verify("stage " + stage + " of " + id + " of seed " + SEED, id, now, life);
            now = now.plus(PAUSES.get(random.nextInt(PAUSES.size())));
            table.removeExpired(id, now, random);
        }
        table.apply(now, id, event(id).at(now).deleted());
        assertThat(table.keysWithContent(id)).as("items of %s, seed %d", id, SEED).isEmpty();
    }

    /** Creates events with ids and times that no other stage uses. */
    private static List<SessionEvent> stage(String id, int stage, Instant now, Random random) {
        List<SessionEvent> events = new ArrayList<>();
        for (SessionEvent event : RandomHistory.withoutDeletions(id, random)) {
            Instant at = now.minusSeconds(900).plus(Duration.between(START, event.occurredAt()));
            SessionEvent moved = EventCopies.at(event, at);
            events.add(
                    moved instanceof TurnRecorded recorded
                            ? EventCopies.withId(recorded, stage + recorded.turn().id())
                            : moved);
        }
        return RandomHistory.schedule(events, random);
    }

    private static void verify(
            String description, String id, Instant now, List<SessionEvent> life) {
        Session expected = SessionModel.of(id, life).orElseThrow();
        Session found = table.find(now, id).orElseThrow();
        List<Turn> visible = new ArrayList<>(Turns.read(expected.recentTurns()));
        visible.removeIf(turn -> LocalTable.RETENTION.hasExpired(turn.occurredAt(), now));
        assertThat(withoutMaxLatency(found.counters()))
                .as(description)
                .isEqualTo(withoutMaxLatency(expected.counters()));
        assertThat(found.attributes()).as(description).isEqualTo(expected.attributes());
        assertThat(found.startedAt()).as(description).isEqualTo(expected.startedAt());
        assertThat(table.turns(now, id, Order.OLDEST_FIRST, 7)).as(description).isEqualTo(visible);
    }

    private static Counters withoutMaxLatency(Counters counters) {
        return counters.withMaxLatencyMs(0);
    }

    @Test
    void maxLatency_revisedInANewLife_ignoresTheFormerLife() {
        String id = "max-latency";
        for (int i = 0; i < 40; i++) {
            table.apply(event(id).at(i).latencyMs(50_000).turn("o" + i, new Prose(i).text(300)));
        }
        Instant later = LocalTable.NOW.plus(RETENTION).plusSeconds(1);
        List<SessionEvent> events = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            events.add(event(id).at(later.minusSeconds(100 - i)).latencyMs(i).turn("n" + i, "hi"));
        }
        events.add(event(id).at(later.minusSeconds(5)).latencyMs(9_000).turn("x", "draft"));
        events.add(event(id).at(later.minusSeconds(5)).revision(1).latencyMs(10).turn("x", "done"));

        table.apply(later, id, events.toArray(SessionEvent[]::new));

        assertThat(table.find(later, id).orElseThrow().counters())
                .isEqualTo(Counters.of(table.turns(later, id, Order.OLDEST_FIRST, 100)));
    }

    /** The pages of the expired turns are deleted, but the counters still include these turns. */
    @Test
    void counters_afterARevisionThatLowersTheMaximum_includeExpiredTurns() {
        String id = "counted";
        for (int i = 0; i < 40; i++) {
            table.apply(event(id).at(i).latencyMs(20).turn("o" + i, new Prose(i).text(300)));
        }
        Instant later = START.plus(RETENTION).minusSeconds(5);
        table.apply(later, id, event(id).at(later).latencyMs(900).turn("x", "draft"));
        Instant now = START.plus(RETENTION).plusSeconds(60);
        table.removeExpired(id, now, new Random(1));

        table.apply(now, id, event(id).at(later).revision(1).latencyMs(10).turn("x", "final"));

        Counters counters = table.find(now, id).orElseThrow().counters();
        assertThat(counters.turns()).isEqualTo(41);
        assertThat(counters.latency().sumMs()).isEqualTo(40 * 20 + 10);
        assertThat(counters.latency().maxMs()).isEqualTo(10);
    }
}
