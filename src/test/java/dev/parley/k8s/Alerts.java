package dev.parley.k8s;

import static dev.parley.k8s.Manifests.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether alerts are about metrics that the documents name. */
final class Alerts {

    private static final Pattern METRIC =
            Pattern.compile("\\b(parley_[a-z_]+)(?:\\{([a-z]+=\"[a-z_]+\")})?");
    private static final Pattern PARTITIONS =
            Pattern.compile("parley_partitions_assigned\\) < (\\d+)");

    /** A metric of an alert: its name, and the tag that it is narrowed to, or nothing. */
    record Selector(String metric, String tag) {}

    private Alerts() {}

    static List<String> problems(Manifests manifests) {
        Findings found = new Findings();
        Set<String> told = MetricsTable.read().keySet();
        selectors(manifests).forEach(selector -> found.among("metric", told(selector, told), told));
        rules(manifests).forEach(rule -> checkRule(rule, found));
        checkPartitions(manifests, found);
        return found.problems();
    }

    static Stream<JsonNode> rules(Manifests manifests) {
        return manifests
                .of("PrometheusRule")
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

    /** A timer and a summary are told by one name, and are two. */
    static String told(Selector selector, Set<String> told) {
        return told(selector.metric(), told);
    }

    static String told(String metric, Set<String> told) {
        return told.contains(metric) ? metric : metric.replaceFirst("_(sum|count|max|bucket)$", "");
    }

    private static void checkRule(JsonNode rule, Findings found) {
        String name = rule.path("alert").asText();
        found.require(name.startsWith("Parley"), "an alert isn't named after Parley: " + name);
        found.among(
                "severity",
                rule.at("/labels/severity").asText(),
                Set.of("critical", "warning", "info"));
        found.require(
                METRIC.matcher(rule.path("expr").asText()).find(), name + " is about no metric");
        for (String text : List.of("summary", "description")) {
            found.require(
                    !rule.path("annotations").path(text).asText().isBlank(),
                    name + " has no " + text);
        }
    }

    /** The most pods that get work, and the partitions that must be assigned, are one number. */
    private static void checkPartitions(Manifests manifests, Findings found) {
        rules(manifests)
                .map(rule -> PARTITIONS.matcher(rule.path("expr").asText()))
                .filter(Matcher::find)
                .map(match -> match.group(1))
                .forEach(
                        partitions ->
                                manifests
                                        .of("ScaledObject")
                                        .forEach(
                                                scaler ->
                                                        found.equal(
                                                                scaler,
                                                                "/spec/maxReplicaCount",
                                                                partitions)));
    }
}
