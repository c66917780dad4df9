package dev.parley.bench;

/** The bound that the median of the first figure of a row should meet. */
public record Goal(Bound bound, double value) {

    /** Whether the value is a minimum or a maximum. */
    public enum Bound {
        AT_LEAST("≥"),
        AT_MOST("≤");

        private final String sign;

        Bound(String sign) {
            this.sign = sign;
        }
    }

    boolean isMetBy(Figure figure) {
        return switch (bound) {
            case AT_LEAST -> figure.median() >= value;
            case AT_MOST -> figure.median() <= value;
        };
    }

    @Override
    public String toString() {
        return bound.sign + " " + Figure.exactly(value, "");
    }
}
