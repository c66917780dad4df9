package dev.parley.dynamodb.layout;

import dev.parley.session.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Merges the waiting turns of a head with the turns of the pages during a walk over the pages. Each
 * waiting turn is returned at its position, and only once, even if its page already contains it.
 *
 * @param <T> the form in which the caller needs a turn
 */
public final class WaitingTurns<T> {

    private final Comparator<TurnPosition> order;
    private final Function<T, TurnPosition> position;
    private final ToLongFunction<T> revision;
    private final Deque<T> remaining;

    private WaitingTurns(
            Comparator<TurnPosition> order,
            Function<T, TurnPosition> position,
            ToLongFunction<T> revision,
            List<T> turns) {
        this.order = order;
        this.position = position;
        this.revision = revision;
        this.remaining = new ArrayDeque<>(turns);
    }

    /** Returns all waiting turns, the oldest first. */
    public static WaitingTurns<Turn> all(TurnBlock waiting) {
        return new WaitingTurns<>(
                Comparator.naturalOrder(), TurnPosition::of, Turn::revision, waiting.turns());
    }

    /** Returns the waiting turns at the wanted positions as they are stored, the oldest first. */
    public static WaitingTurns<TurnBlock.Line> oldestFirst(
            TurnBlock waiting, Predicate<TurnPosition> wanted) {
        return lines(Comparator.naturalOrder(), waiting.lines(wanted));
    }

    /** Returns the waiting turns at the wanted positions as they are stored, the newest first. */
    public static WaitingTurns<TurnBlock.Line> newestFirst(
            TurnBlock waiting, Predicate<TurnPosition> wanted) {
        return lines(Comparator.reverseOrder(), waiting.lines(wanted).reversed());
    }

    private static WaitingTurns<TurnBlock.Line> lines(
            Comparator<TurnPosition> order, List<TurnBlock.Line> lines) {
        return new WaitingTurns<>(
                order, TurnBlock.Line::position, line -> line.entry().revision(), lines);
    }

    /**
     * Returns turns of a page, or of the tail, together with the waiting turns that come before or
     * among them. Of two revisions of a turn, the higher one is returned.
     *
     * @param end the last turn of the page in this order, whether or not {@code turns} contains it
     * @param turns turns of the page, in this order
     */
    public List<T> mergeInto(TurnPosition end, List<T> turns) {
        List<T> before = new ArrayList<>();
        while (!remaining.isEmpty()
                && order.compare(position.apply(remaining.getFirst()), end) <= 0) {
            before.add(remaining.removeFirst());
        }
        if (before.isEmpty()) {
            return turns;
        }
        Map<Turn.Identity, T> byIdentity = new HashMap<>();
        turns.forEach(turn -> byIdentity.put(identity(turn), turn));
        before.forEach(turn -> byIdentity.merge(identity(turn), turn, this::newer));
        return byIdentity.values().stream().sorted(Comparator.comparing(position, order)).toList();
    }

    /** Returns the waiting turns that come after all pages. */
    public List<T> takeRemaining() {
        List<T> rest = List.copyOf(remaining);
        remaining.clear();
        return rest;
    }

    private Turn.Identity identity(T turn) {
        return position.apply(turn).identity();
    }

    private T newer(T one, T other) {
        return revision.applyAsLong(other) > revision.applyAsLong(one) ? other : one;
    }
}
