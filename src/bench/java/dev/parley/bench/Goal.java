package dev.parley.bench;

/** What the first figure of a row should be, by its median. */
public record Goal(Bound bound, double value) {

    /** On which side of the value it should be. */
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
