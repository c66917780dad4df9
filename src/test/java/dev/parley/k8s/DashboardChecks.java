package dev.parley.k8s;

import dev.parley.k8s.Dashboard.Panel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks that the panels of dashboards are described, and use metrics that the documents list. */
final class DashboardChecks {

    private static final Pattern SELECTOR = Pattern.compile("\\b([a-z][a-z_]+)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)(?:=~|!~|!=|=)\"([^\"]*)\"");
    private static final Pattern GROUPED = Pattern.compile("by \\(([a-z, ]+)\\)");
    private static final Pattern BARE_METRIC =
            Pattern.compile("\\b(?:parley|http|jvm|process|kafka)_[a-z_]+(?![a-z_{])");
    private static final Set<String> UNITS =
            Set.of("cps", "reqps", "s", "short", "currencyUSD", "percentunit", "bytes");

    /** The labels that Prometheus adds to scraped series, and the label of histogram buckets. */
    private static final Set<String> ADDED_LABELS = Set.of("namespace", "pod", "le");

    /**
     * The series that a query selects.
     *
     * @param labels the labels that the query uses, each with its value, or with an empty string if
     *     the query does not select a single value
     */
    record Selector(String metric, Map<String, String> labels) {}

    private DashboardChecks() {}

    static List<String> problems(Manifests manifests) {
        Findings found = new Findings();
        Dashboard.allIn(manifests).forEach(dashboard -> check(dashboard, found));
        return found.problems();
    }

    private static void check(Dashboard dashboard, Findings found) {
        Set<String> documented = MetricsTable.read().keySet();
        List<Panel> panels = dashboard.panels();
        long distinct = panels.stream().map(panel -> panel.text("id")).distinct().count();
        found.require(distinct == panels.size(), "two panels have the same id");
        for (Panel panel : panels) {
            String title = panel.text("title");
            found.require(!title.isBlank(), "a panel has no title");
            if (!panel.isHeading()) {
                found.require(!panel.text("description").isBlank(), title + " has no description");
                found.among("unit of " + title, panel.unit(), UNITS);
                found.require(!panel.queries().isEmpty(), title + " has no query");
            }
            found.require(
                    panels.stream().noneMatch(other -> overlap(panel, other)),
                    title + " covers another panel");
        }
        for (Dashboard.Query query : dashboard.queries()) {
            String expression = query.expression();
            found.require(
                    !BARE_METRIC.matcher(expression).find(),
                    "the query does not select a namespace: " + expression);
            selectors(expression).stream()
                    .filter(selector -> selector.metric().startsWith("parley_"))
                    .map(selector -> AlertChecks.documentedName(selector.metric(), documented))
                    .forEach(metric -> found.among("metric", metric, documented));
            String resolved = dashboard.withVariables(expression, "1m");
            found.require(
                    !resolved.contains("$"), "the query uses an unknown variable: " + resolved);
        }
    }

    private static boolean overlap(Panel one, Panel other) {
        return !one.equals(other)
                && one.gridPosition("x") < other.gridPosition("x") + other.gridPosition("w")
                && other.gridPosition("x") < one.gridPosition("x") + one.gridPosition("w")
                && one.gridPosition("y") < other.gridPosition("y") + other.gridPosition("h")
                && other.gridPosition("y") < one.gridPosition("y") + one.gridPosition("h");
    }

    /** The selectors of a query, with the labels that it selects by or groups by. */
    static List<Selector> selectors(String expression) {
        Map<String, String> grouped =
                GROUPED.matcher(expression)
                        .results()
                        .flatMap(match -> Pattern.compile(", *").splitAsStream(match.group(1)))
                        .distinct()
                        .filter(label -> !ADDED_LABELS.contains(label))
                        .collect(Collectors.toMap(label -> label, label -> ""));
        return SELECTOR.matcher(expression)
                .results()
                .map(
                        match -> {
                            Map<String, String> labels = new TreeMap<>(grouped);
                            LABEL.matcher(match.group(2))
                                    .results()
                                    .filter(label -> !ADDED_LABELS.contains(label.group(1)))
                                    .forEach(
                                            label ->
                                                    labels.put(
                                                            label.group(1),
                                                            label.group().contains("=\"")
                                                                    ? label.group(2)
                                                                    : ""));
                            return new Selector(match.group(1), labels);
                        })
                .toList();
    }
}
