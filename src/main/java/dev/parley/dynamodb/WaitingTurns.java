package dev.parley.dynamodb;

import dev.parley.session.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Turns that wait in the head for their pages, as those who walk over the pages give them: each in
 * its place, and once, even where its page has it already.
 */
final class WaitingTurns {

    private final Comparator<TurnPosition> order;
    private final Deque<TurnBlock.Line> left;

    private WaitingTurns(Comparator<TurnPosition> order, List<TurnBlock.Line> lines) {
        this.order = order;
        this.left = new ArrayDeque<>(lines);
    }

    /**
     * @param wanted those that are to be given
     */
    static WaitingTurns oldestFirst(TurnBlock waiting, Predicate<TurnPosition> wanted) {
        return new WaitingTurns(Comparator.naturalOrder(), waiting.lines(wanted));
    }

    static WaitingTurns newestFirst(TurnBlock waiting, Predicate<TurnPosition> wanted) {
        return new WaitingTurns(Comparator.reverseOrder(), waiting.lines(wanted).reversed());
    }

    /**
     * Turns of a page, or of the tail, with those that stand before or among them.
     *
     * @param end the last turn of the page in this order, whether or not it is given
     * @param turns those that are given, in this order
     */
    List<TurnBlock.Line> with(TurnPosition end, List<TurnBlock.Line> turns) {
        List<TurnBlock.Line> before = new ArrayList<>();
        while (!left.isEmpty() && order.compare(left.getFirst().position(), end) <= 0) {
            before.add(left.removeFirst());
        }
        if (before.isEmpty()) {
            return turns;
        }
        Map<Turn.Identity, TurnBlock.Line> once = new HashMap<>();
        turns.forEach(line -> once.put(line.position().identity(), line));
        before.forEach(line -> once.merge(line.position().identity(), line, WaitingTurns::newer));
        return once.values().stream()
                .sorted(Comparator.comparing(TurnBlock.Line::position, order))
                .toList();
    }

    /** Those that stand behind all pages that were given. */
    List<TurnBlock.Line> rest() {
        List<TurnBlock.Line> rest = List.copyOf(left);
        left.clear();
        return rest;
    }

    private static TurnBlock.Line newer(TurnBlock.Line one, TurnBlock.Line other) {
        return other.entry().revision() > one.entry().revision() ? other : one;
    }
}
