package dev.parley.k8s;

import dev.parley.docs.Documents;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the table of metrics in {@code docs/operations.md}. */
final class MetricsTable {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(parley_[a-z_]+)(?:\\{[a-z,]+})?` \\|[^|]*\\|([^|]*)\\|$");

    private MetricsTable() {}

    /** The condition for an alert by metric; empty if the table states none. */
    static Map<String, String> read() {
        return ROW.matcher(Documents.read(Documents.OPERATIONS))
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2).strip()));
    }
}
