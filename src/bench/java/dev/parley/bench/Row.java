package dev.parley.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One row of the table that is printed.
 *
 * @param key the name of the row, which is the same in each run and begins with its group: {@code
 *     sessions.ratio}
 * @param what the description that the table shows
 * @param measured the figures as the table shows them
 * @param goal the goal of the first figure; empty if the row has none
 */
public record Row(
        String key, String what, String measured, List<Figure> figures, Optional<Goal> goal) {

    public Row {
        figures = List.copyOf(figures);
    }

    /** Creates a row that shows its figures in the given order. */
    public static Row of(String key, String what, Figure... figures) {
        String measured =
                Stream.of(figures).map(Figure::toString).collect(Collectors.joining("; "));
        return new Row(key, what, measured, List.of(figures), Optional.empty());
    }

    /** Returns this row with another text for its figures. */
    public Row withMeasured(String text) {
        return new Row(key, what, text, figures, goal);
    }

    /** Returns this row with a minimum for its first figure. */
    public Row atLeast(double value) {
        return withGoal(new Goal(Goal.Bound.AT_LEAST, value));
    }

    /** Returns this row with a maximum for its first figure. */
    public Row atMost(double value) {
        return withGoal(new Goal(Goal.Bound.AT_MOST, value));
    }

    private Row withGoal(Goal other) {
        return new Row(key, what, measured, figures, Optional.of(other));
    }

    String markdown() {
        String markedGoal =
                goal.map(each -> each + (each.isMetBy(figures.getFirst()) ? " ✓" : " ✗"))
                        .orElse("");
        return "| %s | %s | %s |".formatted(what, measured, markedGoal);
    }
}
