package dev.parley.k8s;

import static dev.parley.k8s.Manifests.elements;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.stream.Stream;

/** A dashboard of Grafana. */
record Dashboard(JsonNode json) {

    private static final String LABEL = "grafana_dashboard";

    /**
     * A query of a panel.
     *
     * @param name the name of its lines in the legend
     */
    record Query(String expression, String name) {}

    /** A panel of the dashboard, or a heading between panels, which has no queries. */
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

        int gridPosition(String field) {
            return json.path("gridPos").path(field).asInt();
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

    static boolean isDashboard(JsonNode configMap) {
        return configMap.at("/metadata/labels/" + LABEL).asText().equals("1");
    }

    /** The dashboards that an overlay deploys. */
    static Stream<Dashboard> allIn(Manifests manifests) {
        return manifests
                .ofKind("ConfigMap")
                .filter(Dashboard::isDashboard)
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
     * A query as Grafana sends it, with the values of its variables, for all namespaces.
     *
     * @param range the range of the rates, such as {@code 1m}
     */
    String withVariables(String expression, String range) {
        String query = expression.replace("$__rate_interval", range).replace("$namespace", ".*");
        for (JsonNode variable : json.at("/templating/list")) {
            query =
                    query.replace(
                            "$" + variable.path("name").asText(),
                            variable.at("/current/value").asText());
        }
        return query;
    }
}
