package dev.parley.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The README's table of metrics. */
final class MetricsTable {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(parley_[a-z_]+)(?:\\{[a-z,]+})?` \\|[^|]*\\|([^|]*)\\|$");

    private MetricsTable() {}

    /** When to alert, by metric; empty where it doesn't say. */
    static Map<String, String> read() {
        try {
            return ROW.matcher(Files.readString(Path.of("README.md")))
                    .results()
                    .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
