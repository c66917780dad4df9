package dev.parley.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line of the table that is printed.
 *
 * @param key what it is called from run to run, beginning with its group: {@code sessions.ratio}
 * @param measured the figures in words
 * @param goal of the first figure; empty where the row only explains another
 */
public record Row(
        String key, String what, String measured, List<Figure> figures, Optional<Goal> goal) {

    public Row {
        figures = List.copyOf(figures);
    }

    /** A row whose words are its figures, in that order. */
    public static Row of(String key, String what, Figure... figures) {
        String measured =
                Stream.of(figures).map(Figure::toString).collect(Collectors.joining("; "));
        return new Row(key, what, measured, List.of(figures), Optional.empty());
    }

    /** The same, with other words. */
    public Row saying(String words) {
        return new Row(key, what, words, figures, goal);
    }

    /** The same, with a goal for its first figure. */
    public Row atLeast(double value) {
        return towards(new Goal(Goal.Bound.AT_LEAST, value));
    }

    /** The same, with a goal for its first figure. */
    public Row atMost(double value) {
        return towards(new Goal(Goal.Bound.AT_MOST, value));
    }

    private Row towards(Goal other) {
        return new Row(key, what, measured, figures, Optional.of(other));
    }

    String markdown() {
        String told =
                goal.map(each -> each + (each.isMetBy(figures.getFirst()) ? " ✓" : " ✗"))
                        .orElse("");
        return "| %s | %s | %s |".formatted(what, measured, told);
    }
}
