package dev.parley.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A number that was measured in one round or several: the median is the result, and the extremes
 * show how much the rounds differ.
 *
 * @param unit the unit that is printed after the number; empty for a ratio
 */
public record Figure(double median, double least, double most, String unit) {

    /** The number of digits that are kept. Only small counts are more exact than that. */
    private static final MathContext DIGITS = new MathContext(6);

    public Figure {
        median = rounded(median);
        least = rounded(least);
        most = rounded(most);
    }

    /** A figure from the values of several rounds. */
    public static Figure of(List<Double> rounds, String unit) {
        return new Rounds(rounds).figure(unit);
    }

    /** A figure that is the same in each round, such as a count. */
    public static Figure exactly(double value, String unit) {
        return new Figure(value, value, value, unit);
    }

    /**
     * Returns, for example, {@code 0.98 (0.85 to 1.04) s}: three digits, but whole numbers in full.
     */
    @Override
    public String toString() {
        String format = format();
        String number = format.formatted(median);
        String least = format.formatted(this.least);
        String most = format.formatted(this.most);
        String spread = least.equals(most) ? "" : "(%s to %s)".formatted(least, most);
        return Stream.of(number, spread, unit)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private String format() {
        double size = Math.abs(median);
        if (size >= 100
                || Stream.of(median, least, most).allMatch(each -> each == Math.rint(each))) {
            return "%,.0f";
        }
        return size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f";
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }
}
