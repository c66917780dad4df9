package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The published figures: a JSON file, and two documents that are generated from it. */
final class PublishedFigures {

    static final Path FIGURES = Path.of("docs", "bench.json");
    static final Path BENCHMARKS = Path.of("docs", "benchmarks.md");
    static final Path CAPACITY = Path.of("docs", "capacity.md");

    private PublishedFigures() {}

    /** Publishes the figures of the report. */
    static void write(Report report) throws IOException {
        report.write(FIGURES);
        Files.writeString(BENCHMARKS, benchmarks(Files.readString(BENCHMARKS), report));
        if (CapacityEstimate.canBeMadeFrom(report)) {
            Files.writeString(CAPACITY, capacity(Files.readString(CAPACITY), report));
        }
    }

    /** Returns the document with the figures of the report. */
    static String benchmarks(String document, Report report) {
        return replaceSection(document, "bench", report.markdown());
    }

    /** Returns the document with the figures of the report. */
    static String capacity(String document, Report report) {
        return replaceSection(document, "at-scale", CapacityEstimate.of(report).markdown());
    }

    /** Replaces the text between the two comments of that name, with an empty line on each side. */
    private static String replaceSection(String text, String name, String content) {
        String begin = "<!-- " + name + " -->\n";
        String end = "<!-- /" + name + " -->\n";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "the document has no comments <!-- %s --> and <!-- /%s -->"
                            .formatted(name, name));
        }
        return text.substring(0, from + begin.length())
                + "\n"
                + content
                + "\n"
                + text.substring(to);
    }
}
