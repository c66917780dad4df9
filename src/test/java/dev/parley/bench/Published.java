package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The figures that the project shows: a file, and two parts of the README that are made from it.
 */
final class Published {

    static final Path FIGURES = Path.of("docs", "bench.json");
    static final Path README = Path.of("README.md");

    private Published() {}

    /** Shows those of that report. */
    static void write(Report report) throws IOException {
        report.write(FIGURES);
        Files.writeString(README, in(Files.readString(README), report));
    }

    /** The README with both parts made anew. */
    static String in(String readme, Report report) {
        String withTable = between(readme, "bench", report.markdown());
        return AtScale.isIn(report)
                ? between(withTable, "at-scale", AtScale.of(report).markdown())
                : withTable;
    }

    /** What stands between two comments is replaced, and an empty line left on each side. */
    private static String between(String text, String name, String content) {
        String begin = "<!-- " + name + " -->\n";
        String end = "<!-- /" + name + " -->\n";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no place for " + name);
        }
        return text.substring(0, from + begin.length())
                + "\n"
                + content
                + "\n"
                + text.substring(to);
    }
}
