package dev.parley.session;

/**
 * A JSON value as text, on one line. Parley carries what people said and what platforms attach
 * without looking inside, so the text is what came, less insignificant white space.
 *
 * <p>The order of the text decides between two values written at the same moment; any total order
 * would do.
 *
 * @param text one valid JSON value without line breaks
 */
public record Json(String text) implements Comparable<Json> {

    @Override
    public int compareTo(Json other) {
        return text.compareTo(other.text);
    }

    /** The length alone: the text may be what a person said. */
    @Override
    public String toString() {
        return "Json[" + text.length() + " characters]";
    }
}
