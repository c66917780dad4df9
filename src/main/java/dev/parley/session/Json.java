package dev.parley.session;

/**
 * A JSON value as text, on one line. Parley does not interpret what people said and what platforms
 * attach, so the text is as it was sent, without insignificant white space.
 *
 * <p>The order of the texts decides between two values that were set at the same moment; any total
 * order would do.
 *
 * @param text one valid JSON value without line breaks
 */
public record Json(String text) implements Comparable<Json> {

    @Override
    public int compareTo(Json other) {
        return text.compareTo(other.text);
    }

    /** Returns only the length, because the text may be what a person said. */
    @Override
    public String toString() {
        return "Json[" + text.length() + " characters]";
    }
}
