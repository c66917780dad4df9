package dev.parley.k8s;

import dev.parley.k8s.Dashboard.Panel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether dashboards say what they show, and show what the documents name. */
final class Dashboards {

    private static final Pattern SELECTOR = Pattern.compile("\\b([a-z][a-z_]+)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)(?:=~|!~|!=|=)\"([^\"]*)\"");
    private static final Pattern GROUPED = Pattern.compile("by \\(([a-z, ]+)\\)");
    private static final Pattern BARE_METRIC =
            Pattern.compile("\\b(?:parley|http|jvm|process|kafka)_[a-z_]+(?![a-z_{])");
    private static final Set<String> UNITS =
            Set.of("cps", "reqps", "s", "short", "currencyUSD", "percentunit", "bytes");

    /** What Prometheus adds to what is scraped, and the bounds of buckets. */
    private static final Set<String> ADDED = Set.of("namespace", "pod", "le");

    /**
     * Series that a query is about.
     *
     * @param labels that it asks for, with the value where there is just one
     */
    record Selector(String metric, Map<String, String> labels) {}

    private Dashboards() {}

    static List<String> problems(Manifests manifests) {
        Findings found = new Findings();
        Dashboard.of(manifests).forEach(dashboard -> check(dashboard, found));
        return found.problems();
    }

    private static void check(Dashboard dashboard, Findings found) {
        Set<String> told = MetricsTable.read().keySet();
        List<Panel> panels = dashboard.panels();
        long distinct = panels.stream().map(panel -> panel.text("id")).distinct().count();
        found.require(distinct == panels.size(), "two panels have the same id");
        for (Panel panel : panels) {
            String title = panel.text("title");
            found.require(!title.isBlank(), "a panel has no title");
            if (!panel.isHeading()) {
                found.require(!panel.text("description").isBlank(), title + " has no description");
                found.among("unit of " + title, panel.unit(), UNITS);
                found.require(!panel.queries().isEmpty(), title + " shows nothing");
            }
            found.require(
                    panels.stream().noneMatch(other -> overlap(panel, other)),
                    title + " covers another panel");
        }
        for (Dashboard.Query query : dashboard.queries()) {
            String expression = query.expression();
            found.require(
                    !BARE_METRIC.matcher(expression).find(),
                    "of all namespaces, whichever is chosen: " + expression);
            selectors(expression).stream()
                    .filter(selector -> selector.metric().startsWith("parley_"))
                    .map(selector -> Alerts.told(selector.metric(), told))
                    .forEach(metric -> found.among("metric", metric, told));
            String filled = dashboard.filled(expression, "1m");
            found.require(!filled.contains("$"), "there is no such variable: " + filled);
        }
    }

    private static boolean overlap(Panel one, Panel other) {
        return !one.equals(other)
                && one.at("x") < other.at("x") + other.at("w")
                && other.at("x") < one.at("x") + one.at("w")
                && one.at("y") < other.at("y") + other.at("h")
                && other.at("y") < one.at("y") + one.at("h");
    }

    /** Those of a query, with the labels that it narrows them to or sums them up by. */
    static List<Selector> selectors(String expression) {
        Map<String, String> grouped =
                GROUPED.matcher(expression)
                        .results()
                        .flatMap(match -> Pattern.compile(", *").splitAsStream(match.group(1)))
                        .distinct()
                        .filter(label -> !ADDED.contains(label))
                        .collect(Collectors.toMap(label -> label, label -> ""));
        return SELECTOR.matcher(expression)
                .results()
                .map(
                        match -> {
                            Map<String, String> labels = new TreeMap<>(grouped);
                            LABEL.matcher(match.group(2))
                                    .results()
                                    .filter(label -> !ADDED.contains(label.group(1)))
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
