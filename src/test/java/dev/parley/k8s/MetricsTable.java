package dev.parley.k8s;

import dev.parley.docs.Documents;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The table of metrics in the documents. */
final class MetricsTable {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(parley_[a-z_]+)(?:\\{[a-z,]+})?` \\|[^|]*\\|([^|]*)\\|$");

    private MetricsTable() {}

    /** When to alert, by metric; empty where it doesn't say. */
    static Map<String, String> read() {
        return ROW.matcher(Documents.read(Documents.OPERATIONS))
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2).strip()));
    }
}
