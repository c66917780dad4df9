package dev.parley.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The values of one figure in several rounds: the median is the result, and the extremes show how
 * much the rounds differ.
 */
record Rounds(List<Double> sorted) {

    Rounds {
        sorted = sorted.stream().sorted().toList();
    }

    static <T> Rounds of(List<T> rounds, ToDoubleFunction<T> figure) {
        return new Rounds(rounds.stream().map(figure::applyAsDouble).toList());
    }

    /** Returns the ratios of two figures, each of the same round. */
    static <T> Rounds ratios(List<T> rounds, List<T> others, ToDoubleFunction<T> figure) {
        return new Rounds(
                IntStream.range(0, rounds.size())
                        .mapToObj(
                                round ->
                                        figure.applyAsDouble(rounds.get(round))
                                                / figure.applyAsDouble(others.get(round)))
                        .toList());
    }

    double median() {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    Figure figure(String unit) {
        return new Figure(median(), sorted.getFirst(), sorted.getLast(), unit);
    }

    /** Returns the median and the extremes, each in the given format. */
    String format(String format) {
        return format.formatted(median())
                + " ("
                + format.formatted(sorted.getFirst())
                + " to "
                + format.formatted(sorted.getLast())
                + ")";
    }

    /** Returns the median and the extremes in whole numbers. */
    @Override
    public String toString() {
        return format("%,.0f");
    }
}
