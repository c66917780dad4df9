package dev.parley.dynamodb.read;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.dynamodb.layout.FormerStarts;
import dev.parley.dynamodb.layout.FormerStarts.Move;
import dev.parley.dynamodb.read.IndexSlice.Entry;
import dev.parley.dynamodb.read.ListProgress.Stop;
import dev.parley.session.InvalidCursorException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places are seconds, and so are times. */
class ListProgressTest {

    private static final int TOP = 1_000;
    private static final int NOW = 5_000;

    /** So few that three passes need no more marks than a walk has. */
    private static final int SESSIONS = 6;

    private final ListProgress begun = ListProgress.begun(at(NOW));

    @Test
    void session_thatHasNotMovedSince_isNotMet() {
        ListProgress walk = begun.passed(SessionCursor.before(at(500)), List.of(), at(NOW + 2));

        assertThat(walk.hasMet(FormerStarts.NONE, entry(400))).isFalse();
        assertThat(walk.hasMet(moves(move(600, NOW - 1)), entry(400))).isFalse();
    }

    @Test
    void session_thatMovesDownAfterItWasGiven_isMet() {
        ListProgress walk = begun.passed(SessionCursor.before(at(500)), List.of(), at(NOW + 2));

        assertThat(walk.hasMet(moves(move(600, NOW + 3)), entry(400))).isTrue();
    }

    @Test
    void session_thatMovesDownBeforeTheWalkComes_isNotMet() {
        ListProgress walk = begun.passed(SessionCursor.before(at(500)), List.of(), at(NOW + 2));

        assertThat(walk.hasMet(moves(move(600, NOW + 1)), entry(400))).isFalse();
    }

    @Test
    void session_thatMovesUpBeforeTheWalkComes_isNotMet() {
        ListProgress walk = begun.passed(SessionCursor.before(at(500)), List.of(), at(NOW + 2));
        ListProgress whole = walk.passed(SessionCursor.before(at(0)), List.of(), at(NOW + 9));

        assertThat(whole.again().hasMet(moves(move(400, NOW + 3)), entry(700))).isFalse();
        assertThat(whole.again().hasMet(moves(move(400, NOW + 10)), entry(700))).isTrue();
    }

    /** Of the last moment only those that were given have been passed. */
    @Test
    void session_ofTheMomentWhereTheWalkStands_isMetIfItWasGiven() {
        List<Entry> given = Stream.of("a", "b").map(id -> new Entry(at(500), 0, id)).toList();
        ListProgress walk = begun.passed(SessionCursor.behind(given.getLast()), given, at(NOW + 2));
        FormerStarts moves = moves(move(500, NOW + 3));

        assertThat(walk.hasMet(moves, new Entry(at(400), 0, "a"))).isTrue();
        assertThat(walk.hasMet(moves, new Entry(at(400), 0, "b"))).isTrue();
        assertThat(walk.hasMet(moves, new Entry(at(400), 0, "c"))).isFalse();
        assertThat(walk.hasMet(moves, new Entry(at(400), 1, "a"))).isFalse();
    }

    /** Against a list in memory whose sessions move up and down while it is walked. */
    @RepeatedTest(300)
    void walk_whileSessionsMove_tellsWhichWereMet(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Map<String, Integer> places = new HashMap<>();
        Map<String, FormerStarts> moves = new HashMap<>();
        for (int i = 0; i < SESSIONS; i++) {
            places.put("s-" + i, free(places, random));
            moves.put("s-" + i, FormerStarts.NONE);
        }
        Set<String> given = new HashSet<>();
        ListProgress walk = begun;
        SessionCursor position = SessionCursor.before(at(TOP));
        int now = NOW;
        for (int pass = 0; pass < 3; pass++) {
            while (position.at().isAfter(at(0))) {
                move(places, moves, random, ++now);
                List<Entry> part = part(places, position, 2 + random.nextInt(3));
                List<Entry> taken = new ArrayList<>();
                for (Entry entry : part) {
                    boolean isMet =
                            walk.hasMet(requireNonNull(moves.get(entry.sessionId())), entry);
                    if (pass == 0
                            || requireNonNull(moves.get(entry.sessionId()))
                                    .isAnyAfter(walk.began())) {
                        assertThat(isMet).isEqualTo(given.contains(entry.sessionId()));
                        if (!isMet) {
                            given.add(entry.sessionId());
                            taken.add(entry);
                        }
                    }
                }
                position =
                        part.isEmpty()
                                ? SessionCursor.before(at(0))
                                : SessionCursor.behind(part.getLast());
                walk =
                        Stop.of(new Stop(walk.passed(position, taken, at(++now)), position).text())
                                .walk();
            }
            walk = walk.again();
            position = SessionCursor.before(at(TOP));
        }
        assertThat(given).isEqualTo(places.keySet());
    }

    /**
     * No more than a session remembers, and only on the way down; then all can be caught up with.
     */
    private static void move(
            Map<String, Integer> places, Map<String, FormerStarts> moves, Random random, int now) {
        String id = "s-" + random.nextInt(places.size());
        if (requireNonNull(moves.get(id)).moves().size() < 4 && now < NOW + 8) {
            List<Move> all = new ArrayList<>(requireNonNull(moves.get(id)).moves());
            all.addFirst(move(requireNonNull(places.get(id)), now));
            moves.put(id, new FormerStarts(all));
            places.put(id, free(places, random));
        }
    }

    private static int free(Map<String, Integer> places, Random random) {
        int place = random.nextInt(TOP);
        return places.containsValue(place) ? free(places, random) : place;
    }

    private static List<Entry> part(Map<String, Integer> places, SessionCursor from, int limit) {
        return places.entrySet().stream()
                .map(each -> new Entry(at(each.getValue()), 0, each.getKey()))
                .filter(entry -> entry.startedAt().isBefore(from.at()))
                .sorted(Comparator.comparing(Entry::startedAt).reversed())
                .limit(limit)
                .toList();
    }

    @Test
    void text_ofAWalk_isReadBackTheSame() {
        List<Entry> given = Stream.of("a b", "c").map(id -> new Entry(at(500), 3, id)).toList();
        ListProgress walk =
                begun.passed(SessionCursor.behind(given.getLast()), given, at(NOW + 1))
                        .passed(SessionCursor.before(Instant.MIN), List.of(), at(NOW + 2))
                        .again()
                        .passed(SessionCursor.behind(given.getLast()), given, at(NOW + 3));

        Stop stop = new Stop(walk, new SessionCursor(at(500).plusNanos(7), 3, "a b c"));

        assertThat(Stop.of(stop.text())).isEqualTo(stop);
    }

    @Test
    void text_ofALongWalk_staysShort() {
        ListProgress walk = begun;
        SessionCursor position = SessionCursor.before(at(TOP));
        for (int i = 0; i < 2_000; i++) {
            List<Entry> given =
                    Stream.iterate(0, n -> n < 20, n -> n + 1)
                            .map(n -> new Entry(at(2_000).plusNanos(1), 3, "s-" + n))
                            .toList();
            position = new SessionCursor(at(2_000 - i / 10).plusNanos(1), 3, "s");
            walk = walk.passed(position, given, at(NOW + i));
        }

        assertThat(new Stop(walk, position).text()).hasSizeLessThan(700);
        assertThat(walk.marks()).hasSize(ListProgress.MOST_MARKS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-22T10:00:00Z 0 s",
                "now 0  2026-11-22T10:00:00Z 0 s",
                "2026-11-22T10:00:00Z x  2026-11-22T10:00:00Z 0 s",
                "2026-11-22T10:00:00Z 0 1.2.3 2026-11-22T10:00:00Z 0 s",
                "2026-11-22T10:00:00Z 0 1.2.3.4.zzzzzzzzzzzzzzzzzzz 2026-11-22T10:00:00Z 0 s",
                "2026-11-22T10:00:00Z 0 0.2.3.zzzzzzzz.5 2026-11-22T10:00:00Z 0 s",
                "2026-11-22T10:00:00Z 0  2026-11-22T10:00:00Z x s"
            })
    void text_ofSomethingElse_isNoCursor(String text) {
        assertThatThrownBy(() -> Stop.of(text)).isInstanceOf(InvalidCursorException.class);
    }

    private static Entry entry(int place) {
        return new Entry(at(place), 0, "s");
    }

    private static FormerStarts moves(Move... moves) {
        return new FormerStarts(List.of(moves));
    }

    private static Move move(int from, int when) {
        return new Move(at(from), at(when));
    }

    private static Instant at(int second) {
        return Instant.EPOCH.plus(Duration.ofSeconds(second));
    }
}
