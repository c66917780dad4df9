package dev.parley.api.stream;

import java.util.regex.Pattern;

/**
 * JSON for formats in which a line break ends something. JSON allows three characters in its texts
 * that Python's {@code splitlines}, Ruby, and others take for line breaks; escaped, they mean the
 * same to every JSON parser, and nothing to whoever looks for lines.
 */
final class JsonLines {

    private static final Pattern LINE_BREAKS = Pattern.compile("[\u0085\u2028\u2029]");

    private JsonLines() {}

    /**
     * The same JSON on one line, whoever counts them.
     *
     * @param json without line feeds and carriage returns outside of its texts
     */
    static String onOneLine(String json) {
        return LINE_BREAKS
                .matcher(json)
                .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
    }
}
