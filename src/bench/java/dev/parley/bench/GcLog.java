package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the JVM logs of its collections ({@code -Xlog:gc}). */
final class GcLog implements AutoCloseable {

    /** One that was asked for, to see what lives: its own pause is no one's. */
    private static final String ASKED_FOR = "Diagnostic Command";

    private static final Pattern PAUSE =
            Pattern.compile("Pause (.*) \\d+M->(\\d+)M\\(\\d+M\\) ([\\d.]+)ms");

    private static final Pattern COLLECTOR = Pattern.compile("Using (\\w+)");

    private final Path file;

    GcLog() throws IOException {
        file = Files.createTempFile("parley-gc", ".log");
    }

    /** What makes a JVM write it. */
    String option() {
        return "-Xlog:gc:file=" + file + ":none";
    }

    String collector() throws IOException {
        return matches(COLLECTOR).map(match -> match.group(1)).findFirst().orElse("?");
    }

    /** Megabytes that live after each collection that was asked for. */
    List<Integer> live() throws IOException {
        return matches(PAUSE)
                .filter(pause -> pause.group(1).contains(ASKED_FOR))
                .map(pause -> Integer.valueOf(pause.group(2)))
                .toList();
    }

    /** In milliseconds, of those that came by themselves. */
    double longestPause() throws IOException {
        return matches(PAUSE)
                .filter(pause -> !pause.group(1).contains(ASKED_FOR))
                .mapToDouble(pause -> Double.parseDouble(pause.group(3)))
                .max()
                .orElse(0);
    }

    /** Of all together, in milliseconds. */
    double pauses() throws IOException {
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
