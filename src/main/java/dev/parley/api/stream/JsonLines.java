package dev.parley.api.stream;

import java.util.regex.Pattern;

/**
 * Prepares JSON for formats in which a line break ends something. JSON allows three characters in
 * its strings that Python's {@code splitlines}, Ruby and others take for line breaks. Escaped, they
 * mean the same to every JSON parser, and no reader takes them for line breaks.
 */
final class JsonLines {

    private static final String LINE_BREAKS = "\u0085\u2028\u2029";
    private static final Pattern ANY_LINE_BREAK = Pattern.compile("[" + LINE_BREAKS + "]");

    private JsonLines() {}

    /**
     * Returns the same JSON on one line, by any definition of a line.
     *
     * @param json JSON without line feeds and carriage returns outside its strings
     */
    static String onOneLine(String json) {
        // Nearly no text has one, and looking for single characters is several times as fast.
        return LINE_BREAKS.chars().noneMatch(lineBreak -> json.indexOf(lineBreak) >= 0)
                ? json
                : ANY_LINE_BREAK
                        .matcher(json)
                        .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
    }
}
