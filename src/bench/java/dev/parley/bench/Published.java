package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The figures that the project shows: a file, and two documents that are made from it. */
final class Published {

    static final Path FIGURES = Path.of("docs", "bench.json");
    static final Path BENCHMARKS = Path.of("docs", "benchmarks.md");
    static final Path CAPACITY = Path.of("docs", "capacity.md");

    private Published() {}

    /** Shows those of that report. */
    static void write(Report report) throws IOException {
        report.write(FIGURES);
        Files.writeString(BENCHMARKS, benchmarks(Files.readString(BENCHMARKS), report));
        if (AtScale.isIn(report)) {
            Files.writeString(CAPACITY, capacity(Files.readString(CAPACITY), report));
        }
    }

    /** That document with the report's figures. */
    static String benchmarks(String document, Report report) {
        return between(document, "bench", report.markdown());
    }

    /** That document with the report's figures. */
    static String capacity(String document, Report report) {
        return between(document, "at-scale", AtScale.of(report).markdown());
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
