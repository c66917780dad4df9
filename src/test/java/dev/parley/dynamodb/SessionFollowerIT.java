package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.session.TimeRange.ALL;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.follow.FollowCursor;
import dev.parley.dynamodb.follow.SessionFollower;
import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.json.Turns;
import dev.parley.session.Role;
import dev.parley.session.Session;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionChange.SessionChanged;
import dev.parley.session.SessionChange.SessionGone;
import dev.parley.session.SessionChange.TurnChanged;
import dev.parley.session.SessionChange.TurnsErased;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionModel;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Multi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that a follower of a session gets exactly its current turns, even if turns arrive late, are
 * revised or erased, and wherever the connection breaks and is resumed.
 *
 * <p>The seed is printed; {@code -Dparley.seed=…} repeats a run, {@code -Dparley.schedules=…} makes
 * it longer.
 */
@Tag("slow")
class SessionFollowerIT {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int SCHEDULES = Integer.getInteger("parley.schedules", 100);

    @Test
    void follower_ofRandomSession_hasCurrentTurns() {
        System.out.printf("SessionFollowerIT: -Dparley.seed=%d%n", SEED);
        try (LocalTable table = LocalTable.create(RandomHistory.TAIL_BYTES)) {
            for (int number = 0; number < SCHEDULES; number++) {
                Random random = new Random(SEED + 31L * number);
                String id = "s-" + number;
                List<SessionEvent> events = RandomHistory.of(id, random);

                Follower follower = new Follower(table, id);
                deliver(table, id, RandomHistory.schedule(events, random), follower, random);
                follower.poll(Long.MAX_VALUE);

                assertThat(follower.sortedTurns())
                        .as("schedule %d of seed %d", number, SEED)
                        .isEqualTo(
                                SessionModel.of(id, events)
                                        .map(Session::recentTurns)
                                        .map(Turns::read)
                                        .orElse(List.of()));
            }
        }
    }

    /**
     * Delivers the events in batches. After some batches the follower polls, and its connection may
     * break during the poll.
     */
    private static void deliver(
            LocalTable table,
            String id,
            List<SessionEvent> events,
            Follower follower,
            Random random) {
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        for (int next = 0; next < events.size(); ) {
            int batch = Math.min(events.size(), next + 1 + random.nextInt(8));
            writer.apply(id, events.subList(next, batch)).await().atMost(TIMEOUT);
            next = batch;
            switch (random.nextInt(3)) {
                case 0 -> follower.poll(Long.MAX_VALUE);
                case 1 -> follower.poll(random.nextInt(12));
                default -> {}
            }
        }
    }

    @Test
    void follower_ofGrowingSession_receivesEachTurnOnceAndReadsOnePagePerSeal() {
        try (LocalTable table = LocalTable.create()) {
            Follower follower = new Follower(table, "s-1");
            DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
            Set<Long> seals = new HashSet<>();

            for (int i = 0; i < 60; i++) {
                SessionEvent turn = event("s-1").at(i).role(Role.USER).turn("t-" + i, noise(i));
                writer.apply("s-1", List.of(turn)).await().atMost(TIMEOUT);
                follower.poll(Long.MAX_VALUE);
                seals.add(Attributes.number(table.item("s-1"), SessionTable.SEALED));
            }

            assertThat(follower.sortedTurns()).hasSize(60);
            assertThat(follower.receivedTurns).isEqualTo(60);
            // The writer has read nothing but the head, once.
            assertThat(table.consumed("BatchGetItem")).isBetween(5.0, 2.0 * seals.size());
        }
    }

    /** The poll after a connection broke may reach a replica that doesn't have the deletion yet. */
    @Test
    void follower_resumedAfterADeletion_receivesNoErasedTurnFromAnOutdatedHead() {
        try (LocalTable table = LocalTable.create()) {
            table.apply(
                    "s-1", event("s-1").turn("t-0", "hi"), event("s-1").at(9).turn("t-9", "hi"));
            SessionFollower before = follow(table, table.visibleHead("s-1").orElseThrow());
            table.apply(event("s-1").at(1).turn("t-1", "secret"));
            Optional<VisibleHead> outdated = table.visibleHead("s-1");
            table.apply(event("s-1").at(5).deleted());
            Optional<VisibleHead> current = table.visibleHead("s-1");
            TurnsErased erased =
                    (TurnsErased) received(before.changesTo(current).select().first(1)).getFirst();

            SessionFollower resumed =
                    SessionFollower.resumed(
                                    table.source(() -> current),
                                    current.orElseThrow(),
                                    FollowCursor.of(erased.cursor()))
                            .orElseThrow();

            assertThat(received(resumed.changesTo(outdated)))
                    .filteredOn(TurnChanged.class::isInstance)
                    .extracting(change -> Turns.read(((TurnChanged) change).turn()).id())
                    .containsExactly("t-9");
        }
    }

    private static SessionFollower follow(LocalTable table, VisibleHead head) {
        return SessionFollower.from(table.source(() -> Optional.of(head)), head, 0, ALL);
    }

    private static List<SessionChange> received(Multi<SessionChange> changes) {
        return changes.collect().asList().await().atMost(TIMEOUT);
    }

    private static String noise(int seed) {
        StringBuilder noise = new StringBuilder();
        new Random(seed).ints(300, 'a', 'z').forEach(letter -> noise.append((char) letter));
        return noise.toString();
    }

    /** A client that follows a session as the API's description requires. */
    private static final class Follower {
        private final LocalTable table;
        private final String id;
        private final Map<String, Turn> turns = new HashMap<>();
        private @Nullable SessionFollower following;
        private @Nullable FollowCursor last;
        private int receivedTurns;

        Follower(LocalTable table, String id) {
            this.table = table;
            this.id = id;
        }

        List<Turn> sortedTurns() {
            return turns.values().stream().sorted(Turn.ORDER).toList();
        }

        /**
         * Receives at most the given number of changes. After them the connection breaks, unless
         * the number is {@link Long#MAX_VALUE}.
         */
        void poll(long atMost) {
            Optional<VisibleHead> head = table.visibleHead(id);
            if (following == null) {
                following = head.map(this::connect).orElse(null);
            }
            if (following == null) {
                turns.clear(); // The API responds with status 404.
                return;
            }
            Multi<SessionChange> changes = following.changesTo(head);
            List<SessionChange> received =
                    new ArrayList<>(
                            (atMost == Long.MAX_VALUE ? changes : changes.select().first(atMost))
                                    .collect()
                                    .asList()
                                    .await()
                                    .atMost(TIMEOUT));
            received.forEach(this::apply);
            if (atMost != Long.MAX_VALUE || following.isGone()) {
                following = null;
            }
        }

        private SessionFollower connect(VisibleHead head) {
            int first = head.head().pages().first();
            SessionFollower started = SessionFollower.from(source(), head, first, TimeRange.ALL);
            return last == null
                    ? started
                    : SessionFollower.resumed(source(), head, last).orElseThrow();
        }

        private SessionFollower.Source source() {
            return table.source(() -> table.visibleHead(id));
        }

        private void apply(SessionChange change) {
            switch (change) {
                case TurnChanged(var json, String cursor) -> {
                    Turn turn = Turns.read(json);
                    receivedTurns++;
                    turns.merge(turn.id(), turn, (a, b) -> a.revision() >= b.revision() ? a : b);
                    last = FollowCursor.of(cursor);
                }
                case TurnsErased(var upTo, String cursor) -> {
                    turns.values().removeIf(turn -> !turn.occurredAt().isAfter(upTo));
                    last = FollowCursor.of(cursor);
                }
                case SessionChanged(Session session, String cursor) -> {
                    assertThat(session.counters().turns()).isEqualTo(turns.size());
                    last = FollowCursor.of(cursor);
                }
                case SessionGone gone -> turns.clear();
            }
        }
    }
}
