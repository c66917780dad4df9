package dev.parley.k8s;

import static dev.parley.k8s.Manifests.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks that the alerts use only metrics that the documents list, and that they are complete. */
final class AlertChecks {

    private static final Pattern METRIC =
            Pattern.compile("\\b(parley_[a-z_]+)(?:\\{([a-z]+=\"[a-z_]+\")})?");
    private static final Pattern PARTITIONS =
            Pattern.compile("parley_partitions_assigned\\) < (\\d+)");

    /** A metric in an alert: its name, and the tag that the alert selects, or an empty string. */
    record Selector(String metric, String tag) {}

    private AlertChecks() {}

    static List<String> problems(Manifests manifests) {
        Findings found = new Findings();
        Set<String> documented = MetricsTable.read().keySet();
        selectors(manifests)
                .forEach(
                        selector ->
                                found.among(
                                        "metric",
                                        documentedName(selector.metric(), documented),
                                        documented));
        rules(manifests).forEach(rule -> checkRule(rule, found));
        checkPartitions(manifests, found);
        return found.problems();
    }

    static Stream<JsonNode> rules(Manifests manifests) {
        return manifests
                .ofKind("PrometheusRule")
                .flatMap(object -> elements(object.at("/spec/groups")))
                .flatMap(group -> elements(group.path("rules")));
    }

    static Set<Selector> selectors(Manifests manifests) {
        return rules(manifests)
                .flatMap(rule -> METRIC.matcher(rule.path("expr").asText()).results())
                .map(
                        match ->
                                new Selector(
                                        match.group(1),
                                        match.group(2) == null ? "" : match.group(2)))
                .collect(Collectors.toSet());
    }

    /**
     * The name under which the documents list a metric. They list a timer or a summary without the
     * suffix of its series.
     */
    static String documentedName(String metric, Set<String> documented) {
        return documented.contains(metric)
                ? metric
                : metric.replaceFirst("_(sum|count|max|bucket)$", "");
    }

    private static void checkRule(JsonNode rule, Findings found) {
        String name = rule.path("alert").asText();
        found.require(
                name.startsWith("Parley"),
                "the name of an alert does not start with Parley: " + name);
        found.among(
                "severity",
                rule.at("/labels/severity").asText(),
                Set.of("critical", "warning", "info"));
        found.require(
                METRIC.matcher(rule.path("expr").asText()).find(),
                name + " uses no metric of Parley");
        for (String text : List.of("summary", "description")) {
            found.require(
                    !rule.path("annotations").path(text).asText().isBlank(),
                    name + " has no " + text);
        }
    }

    /** The maximum number of pods must equal the number of partitions that the alert expects. */
    private static void checkPartitions(Manifests manifests, Findings found) {
        rules(manifests)
                .map(rule -> PARTITIONS.matcher(rule.path("expr").asText()))
                .filter(Matcher::find)
                .map(match -> match.group(1))
                .forEach(
                        partitions ->
                                manifests
                                        .ofKind("ScaledObject")
                                        .forEach(
                                                scaler ->
                                                        found.equal(
                                                                scaler,
                                                                "/spec/maxReplicaCount",
                                                                partitions)));
    }
}
