package dev.parley.bench;

import java.util.List;

/** One figure as several rounds gave it: the median counts, the extremes say how sure it is. */
record Rounds(List<Double> sorted) {

    Rounds {
        sorted = sorted.stream().sorted().toList();
    }

    double median() {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The median and the extremes, each in that format. */
    String in(String format) {
        return format.formatted(median())
                + " ("
                + format.formatted(sorted.getFirst())
                + " to "
                + format.formatted(sorted.getLast())
                + ")";
    }

    /** In whole numbers. */
    @Override
    public String toString() {
        return in("%,.0f");
    }
}
