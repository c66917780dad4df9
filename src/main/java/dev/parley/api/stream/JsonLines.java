package dev.parley.api.stream;

import java.util.regex.Pattern;

/**
 * Prepares JSON for formats in which a line break ends something. JSON allows three characters in
 * its strings that Python's {@code splitlines}, Ruby and others take for line breaks. Escaped, they
 * mean the same to every JSON parser, and no reader takes them for line breaks.
 */
final class JsonLines {

    private static final Pattern LINE_BREAKS = Pattern.compile("[\u0085\u2028\u2029]");

    private JsonLines() {}

    /**
     * Returns the same JSON on one line, by any definition of a line.
     *
     * @param json JSON without line feeds and carriage returns outside its strings
     */
    static String onOneLine(String json) {
        return LINE_BREAKS
                .matcher(json)
                .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
    }
}
