package dev.parley.dynamodb.layout;

/**
 * The text of a cursor that contains the number of a page. It begins with the format of the cursor.
 * In the first format, which had no such mark, a tail counted as the page after the newest one. Its
 * turns may be in the newest page by now, so a reader has to begin one page earlier.
 *
 * @param fields the text without the mark
 */
public record CursorText(String fields, boolean isFirstFormat) {

    private static final String MARK = "v2 ";

    /** Returns the text of a cursor with these fields. */
    public static String of(String fields) {
        return MARK + fields;
    }

    /**
     * Reads the text of a cursor of any format. A later format makes its first field unreadable.
     */
    public static CursorText read(String text) {
        return text.startsWith(MARK)
                ? new CursorText(text.substring(MARK.length()), false)
                : new CursorText(text, true);
    }

    /**
     * Returns the page in a field.
     *
     * @throws NumberFormatException if it is not a number
     */
    public int page(String field) {
        int page = Integer.parseInt(field);
        return isFirstFormat ? Math.max(0, page - PageKey.STEP) : page;
    }
}
