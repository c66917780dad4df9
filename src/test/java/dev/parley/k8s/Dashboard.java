package dev.parley.k8s;

import static dev.parley.k8s.Manifests.elements;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.stream.Stream;

/** A dashboard of Grafana's. */
record Dashboard(JsonNode json) {

    private static final String LABEL = "grafana_dashboard";

    /**
     * @param name of its lines
     */
    record Query(String expression, String name) {}

    /** What shows something; or a heading, which shows nothing. */
    record Panel(JsonNode json) {

        boolean isHeading() {
            return text("type").equals("row");
        }

        String text(String field) {
            return json.path(field).asText();
        }

        String unit() {
            return json.at("/fieldConfig/defaults/unit").asText();
        }

        int at(String edge) {
            return json.path("gridPos").path(edge).asInt();
        }

        List<Query> queries() {
            return elements(json.path("targets"))
                    .map(
                            each ->
                                    new Query(
                                            each.path("expr").asText(),
                                            each.path("legendFormat").asText()))
                    .toList();
        }
    }

    static boolean isOne(JsonNode configMap) {
        return configMap.at("/metadata/labels/" + LABEL).asText().equals("1");
    }

    /** Those that are deployed. */
    static Stream<Dashboard> of(Manifests manifests) {
        return manifests
                .of("ConfigMap")
                .filter(Dashboard::isOne)
                .flatMap(each -> elements(each.path("data")))
                .map(text -> parse(text.asText()));
    }

    private static Dashboard parse(String text) {
        try {
            return new Dashboard(new JsonMapper().readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    List<Panel> panels() {
        return elements(json.path("panels")).map(Panel::new).toList();
    }

    List<Query> queries() {
        return panels().stream().flatMap(panel -> panel.queries().stream()).toList();
    }

    /**
     * A query as Grafana would ask it, for all namespaces.
     *
     * @param range that rates are made over, as in {@code 1m}
     */
    String filled(String expression, String range) {
        String filled = expression.replace("$__rate_interval", range).replace("$namespace", ".*");
        for (JsonNode variable : json.at("/templating/list")) {
            filled =
                    filled.replace(
                            "$" + variable.path("name").asText(),
                            variable.at("/current/value").asText());
        }
        return filled;
    }
}
