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
 * Turns that wait in the head for their pages, for those who walk over the pages: each in its
 * place, and once, even where its page has it already.
 *
 * @param <T> what a turn is to them
 */
public final class WaitingTurns<T> {

    private final Comparator<TurnPosition> order;
    private final Function<T, TurnPosition> position;
    private final ToLongFunction<T> revision;
    private final Deque<T> left;

    private WaitingTurns(
            Comparator<TurnPosition> order,
            Function<T, TurnPosition> position,
            ToLongFunction<T> revision,
            List<T> turns) {
        this.order = order;
        this.position = position;
        this.revision = revision;
        this.left = new ArrayDeque<>(turns);
    }

    /** All of them, the oldest first. */
    public static WaitingTurns<Turn> all(TurnBlock waiting) {
        return new WaitingTurns<>(
                Comparator.naturalOrder(), TurnPosition::of, Turn::revision, waiting.turns());
    }

    /** Those that are wanted, as they are stored. */
    public static WaitingTurns<TurnBlock.Line> oldestFirst(
            TurnBlock waiting, Predicate<TurnPosition> wanted) {
        return lines(Comparator.naturalOrder(), waiting.lines(wanted));
    }

    /** The same in the other order. */
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
     * Turns of a page, or of the tail, with those that stand before or among them.
     *
     * @param end the last turn of the page in this order, whether or not it is given
     * @param turns those that are given, in this order
     */
    public List<T> with(TurnPosition end, List<T> turns) {
        List<T> before = new ArrayList<>();
        while (!left.isEmpty() && order.compare(position.apply(left.getFirst()), end) <= 0) {
            before.add(left.removeFirst());
        }
        if (before.isEmpty()) {
            return turns;
        }
        Map<Turn.Identity, T> once = new HashMap<>();
        turns.forEach(turn -> once.put(identity(turn), turn));
        before.forEach(turn -> once.merge(identity(turn), turn, this::newer));
        return once.values().stream().sorted(Comparator.comparing(position, order)).toList();
    }

    /** Those that stand behind all pages that were given. */
    public List<T> rest() {
        List<T> rest = List.copyOf(left);
        left.clear();
        return rest;
    }

    private Turn.Identity identity(T turn) {
        return position.apply(turn).identity();
    }

    private T newer(T one, T other) {
        return revision.applyAsLong(other) > revision.applyAsLong(one) ? other : one;
    }
}
