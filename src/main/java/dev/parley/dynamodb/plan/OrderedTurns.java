package dev.parley.dynamodb.plan;

import dev.parley.session.Turn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns in the order of {@link Turn#ORDER}, each identity once. */
final class OrderedTurns {

    private final List<Turn> turns;

    OrderedTurns(List<Turn> sorted) {
        turns = new ArrayList<>(sorted);
    }

    /** Returns the turns in order, as a view. */
    List<Turn> list() {
        return turns;
    }

    boolean isEmpty() {
        return turns.isEmpty();
    }

    @Nullable Turn find(Turn.Identity turn) {
        int index = indexOf(turn);
        return index < 0 ? null : turns.get(index);
    }

    boolean contains(Turn.Identity turn) {
        return indexOf(turn) >= 0;
    }

    /**
     * Adds a turn, or replaces the turn with the same identity unless that one has the same or a
     * higher revision.
     */
    void put(Turn turn) {
        int index = indexOf(turn.identity());
        if (index < 0) {
            insert(turn);
        } else if (turn.revision() > turns.get(index).revision()) {
            turns.set(index, turn);
        }
    }

    void remove(Turn.Identity turn) {
        turns.removeIf(each -> each.identity().equals(turn));
    }

    void removeAll(Collection<Turn> removed) {
        turns.removeAll(removed);
    }

    private void insert(Turn turn) {
        int index = turns.size();
        while (index > 0 && Turn.ORDER.compare(turns.get(index - 1), turn) >= 0) {
            index--;
        }
        turns.add(index, turn);
    }

    private int indexOf(Turn.Identity turn) {
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).identity().equals(turn)) {
                return i;
            }
        }
        return -1;
    }
}
