package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The log of the garbage collector of a JVM ({@code -Xlog:gc}). */
final class GcLog implements AutoCloseable {

    /** The cause of a collection that the benchmark itself requested, to measure the live heap. */
    private static final String REQUESTED = "Diagnostic Command";

    private static final Pattern PAUSE =
            Pattern.compile("Pause (.*) \\d+M->(\\d+)M\\(\\d+M\\) ([\\d.]+)ms");

    private static final Pattern COLLECTOR = Pattern.compile("Using (\\w+)");

    private final Path file;

    GcLog() throws IOException {
        file = Files.createTempFile("parley-gc", ".log");
    }

    /** Returns the option with which a JVM writes this log. */
    String option() {
        return "-Xlog:gc:file=" + file + ":none";
    }

    String collector() throws IOException {
        return matches(COLLECTOR).map(match -> match.group(1)).findFirst().orElse("?");
    }

    /** Returns the live heap in MB after each requested collection. */
    List<Integer> live() throws IOException {
        return matches(PAUSE)
                .filter(pause -> pause.group(1).contains(REQUESTED))
                .map(pause -> Integer.valueOf(pause.group(2)))
                .toList();
    }

    /** Returns the longest pause in milliseconds, without the requested collections. */
    double longestPause() throws IOException {
        return matches(PAUSE)
                .filter(pause -> !pause.group(1).contains(REQUESTED))
                .mapToDouble(pause -> Double.parseDouble(pause.group(3)))
                .max()
                .orElse(0);
    }

    /** Returns the sum of all pauses in milliseconds, with the requested collections. */
    double totalPauses() throws IOException {
        return matches(PAUSE).mapToDouble(pause -> Double.parseDouble(pause.group(3))).sum();
    }

    private Stream<MatchResult> matches(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(file)).results();
    }

    @Override
    public void close() throws IOException {
        Files.delete(file);
    }
}
