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

/**
 * Tests that a list returns a session once, even if the session moves while the list is read.
 * Positions in the list and times are given in seconds.
 */
class ListProgressTest {

    private static final int TOP = 1_000;
    private static final int NOW = 5_000;

    /** So few sessions that three passes need at most {@link ListProgress#MAX_MARKS} marks. */
    private static final int SESSIONS = 6;

    private final ListProgress start = ListProgress.start(at(NOW));

    @Test
    void session_thatHasNotMovedSinceStart_isNotPassed() {
        ListProgress progress =
                start.passed(SessionCursor.beforeMoment(at(500)), List.of(), at(NOW + 2));

        assertThat(progress.hasAlreadyPassed(FormerStarts.NONE, entry(400))).isFalse();
        assertThat(progress.hasAlreadyPassed(moves(move(600, NOW - 1)), entry(400))).isFalse();
    }

    @Test
    void session_thatMovesDownAfterItWasReturned_isPassed() {
        ListProgress progress =
                start.passed(SessionCursor.beforeMoment(at(500)), List.of(), at(NOW + 2));

        assertThat(progress.hasAlreadyPassed(moves(move(600, NOW + 3)), entry(400))).isTrue();
    }

    @Test
    void session_thatMovesDownBeforeListReachesIt_isNotPassed() {
        ListProgress progress =
                start.passed(SessionCursor.beforeMoment(at(500)), List.of(), at(NOW + 2));

        assertThat(progress.hasAlreadyPassed(moves(move(600, NOW + 1)), entry(400))).isFalse();
    }

    @Test
    void session_thatMovesUpBeforeListReachesIt_isNotPassed() {
        ListProgress progress =
                start.passed(SessionCursor.beforeMoment(at(500)), List.of(), at(NOW + 2));
        ListProgress completePass =
                progress.passed(SessionCursor.beforeMoment(at(0)), List.of(), at(NOW + 9));

        assertThat(completePass.nextPass().hasAlreadyPassed(moves(move(400, NOW + 3)), entry(700)))
                .isFalse();
        assertThat(completePass.nextPass().hasAlreadyPassed(moves(move(400, NOW + 10)), entry(700)))
                .isTrue();
    }

    /**
     * Among the sessions at the position of the list, it has passed only those that it returned.
     */
    @Test
    void session_atPositionOfList_isPassedIfItWasReturned() {
        List<Entry> returned = Stream.of("a", "b").map(id -> new Entry(at(500), 0, id)).toList();
        ListProgress progress =
                start.passed(SessionCursor.afterEntry(returned.getLast()), returned, at(NOW + 2));
        FormerStarts moves = moves(move(500, NOW + 3));

        assertThat(progress.hasAlreadyPassed(moves, new Entry(at(400), 0, "a"))).isTrue();
        assertThat(progress.hasAlreadyPassed(moves, new Entry(at(400), 0, "b"))).isTrue();
        assertThat(progress.hasAlreadyPassed(moves, new Entry(at(400), 0, "c"))).isFalse();
        assertThat(progress.hasAlreadyPassed(moves, new Entry(at(400), 1, "a"))).isFalse();
    }

    /**
     * Compares the result with a list in memory whose sessions move up and down while it is read.
     */
    @RepeatedTest(300)
    void hasAlreadyPassed_whileSessionsMove_isTrueForReturnedSessionsOnly(
            RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Map<String, Integer> positions = new HashMap<>();
        Map<String, FormerStarts> moves = new HashMap<>();
        for (int i = 0; i < SESSIONS; i++) {
            positions.put("s-" + i, unusedPosition(positions, random));
            moves.put("s-" + i, FormerStarts.NONE);
        }
        Set<String> returned = new HashSet<>();
        ListProgress progress = start;
        SessionCursor cursor = SessionCursor.beforeMoment(at(TOP));
        int now = NOW;
        for (int pass = 0; pass < 3; pass++) {
            while (cursor.at().isAfter(at(0))) {
                move(positions, moves, random, ++now);
                List<Entry> nextPart = nextPart(positions, cursor, 2 + random.nextInt(3));
                List<Entry> newlyReturned = new ArrayList<>();
                for (Entry entry : nextPart) {
                    boolean isPassed =
                            progress.hasAlreadyPassed(
                                    requireNonNull(moves.get(entry.sessionId())), entry);
                    if (pass == 0
                            || requireNonNull(moves.get(entry.sessionId()))
                                    .hasMoveAfter(progress.began())) {
                        assertThat(isPassed).isEqualTo(returned.contains(entry.sessionId()));
                        if (!isPassed) {
                            returned.add(entry.sessionId());
                            newlyReturned.add(entry);
                        }
                    }
                }
                cursor =
                        nextPart.isEmpty()
                                ? SessionCursor.beforeMoment(at(0))
                                : SessionCursor.afterEntry(nextPart.getLast());
                progress =
                        Stop.of(
                                        new Stop(
                                                        progress.passed(
                                                                cursor, newlyReturned, at(++now)),
                                                        cursor)
                                                .text())
                                .progress();
            }
            progress = progress.nextPass();
            cursor = SessionCursor.beforeMoment(at(TOP));
        }
        assertThat(returned).isEqualTo(positions.keySet());
    }

    /**
     * Moves a random session. A session moves no more often than its head stores moves, and only in
     * the first seconds, so that the list can return all sessions.
     */
    private static void move(
            Map<String, Integer> positions,
            Map<String, FormerStarts> moves,
            Random random,
            int now) {
        String id = "s-" + random.nextInt(positions.size());
        if (requireNonNull(moves.get(id)).moves().size() < 4 && now < NOW + 8) {
            List<Move> all = new ArrayList<>(requireNonNull(moves.get(id)).moves());
            all.addFirst(move(requireNonNull(positions.get(id)), now));
            moves.put(id, new FormerStarts(all));
            positions.put(id, unusedPosition(positions, random));
        }
    }

    private static int unusedPosition(Map<String, Integer> positions, Random random) {
        int position = random.nextInt(TOP);
        return positions.containsValue(position) ? unusedPosition(positions, random) : position;
    }

    private static List<Entry> nextPart(
            Map<String, Integer> positions, SessionCursor from, int limit) {
        return positions.entrySet().stream()
                .map(each -> new Entry(at(each.getValue()), 0, each.getKey()))
                .filter(entry -> entry.startedAt().isBefore(from.at()))
                .sorted(Comparator.comparing(Entry::startedAt).reversed())
                .limit(limit)
                .toList();
    }

    @Test
    void text_ofProgress_isParsedToSameProgress() {
        List<Entry> returned = Stream.of("a b", "c").map(id -> new Entry(at(500), 3, id)).toList();
        ListProgress progress =
                start.passed(SessionCursor.afterEntry(returned.getLast()), returned, at(NOW + 1))
                        .passed(SessionCursor.beforeMoment(Instant.MIN), List.of(), at(NOW + 2))
                        .nextPass()
                        .passed(
                                SessionCursor.afterEntry(returned.getLast()),
                                returned,
                                at(NOW + 3));

        Stop stop = new Stop(progress, new SessionCursor(at(500).plusNanos(7), 3, "a b c"));

        assertThat(Stop.of(stop.text())).isEqualTo(stop);
    }

    @Test
    void text_ofLongList_staysShort() {
        ListProgress progress = start;
        SessionCursor cursor = SessionCursor.beforeMoment(at(TOP));
        for (int i = 0; i < 2_000; i++) {
            List<Entry> returned =
                    Stream.iterate(0, n -> n < 20, n -> n + 1)
                            .map(n -> new Entry(at(2_000).plusNanos(1), 3, "s-" + n))
                            .toList();
            cursor = new SessionCursor(at(2_000 - i / 10).plusNanos(1), 3, "s");
            progress = progress.passed(cursor, returned, at(NOW + i));
        }

        assertThat(new Stop(progress, cursor).text()).hasSizeLessThan(700);
        assertThat(progress.marks()).hasSize(ListProgress.MAX_MARKS);
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
    void text_inOtherFormat_isRejected(String text) {
        assertThatThrownBy(() -> Stop.of(text)).isInstanceOf(InvalidCursorException.class);
    }

    private static Entry entry(int position) {
        return new Entry(at(position), 0, "s");
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
