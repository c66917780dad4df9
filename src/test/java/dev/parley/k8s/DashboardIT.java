package dev.parley.k8s;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.parley.local.LocalParley;
import dev.parley.session.SessionWriter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that the queries of the dashboard are valid and use metrics that the service has. */
@Tag("deploy")
@QuarkusTest
@WithTestResource(LocalParley.class)
class DashboardIT {

    private final String id = "dashboard-" + UUID.randomUUID();

    @Inject SessionWriter sessions;

    @Test
    void queries_useSeriesThatExist() {
        sessions.apply(id, List.of(event(id).turn("t-1", "hi"))).await().atMost(TIMEOUT);
        assertThat(given().get("/sessions/" + id).statusCode()).isEqualTo(200);
        List<String> expressions =
                dashboard().queries().stream().map(Dashboard.Query::expression).toList();
        assertThat(expressions).isNotEmpty();

        // The metrics of garbage collection exist only after a collection.
        System.gc();
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> {
                            List<String> series =
                                    given().get("/q/metrics").asString().lines().toList();
                            assertThat(expressions)
                                    .flatExtracting(DashboardChecks::selectors)
                                    .allSatisfy(
                                            selector ->
                                                    assertThat(series)
                                                            .anyMatch(
                                                                    line ->
                                                                            matches(
                                                                                    line,
                                                                                    selector)));
                        });
    }

    private static boolean matches(String series, DashboardChecks.Selector selector) {
        return series.replaceFirst("[{ ].*", "").equals(selector.metric())
                && selector.labels().entrySet().stream()
                        .allMatch(label -> series.contains(exposed(label)));
    }

    private static String exposed(Map.Entry<String, String> label) {
        return label.getKey() + "=\"" + (label.getValue().isEmpty() ? "" : label.getValue() + "\"");
    }

    /** The queries are written as recording rules, since promtool checks only rules. */
    @Test
    void queries_areValidForPrometheus() throws IOException {
        Dashboard dashboard = dashboard();
        List<Map<String, String>> rules =
                dashboard.queries().stream()
                        .map(query -> dashboard.withVariables(query.expression(), "1m"))
                        .distinct()
                        .map(
                                expression ->
                                        Map.of("record", ruleName(expression), "expr", expression))
                        .toList();
        Files.createDirectories(Kustomize.GENERATED);
        Path file = Kustomize.GENERATED.resolve("queries.yaml");
        new YAMLMapper()
                .writeValue(
                        file.toFile(),
                        Map.of("groups", List.of(Map.of("name", "queries", "rules", rules))));

        Command.Output output = Command.run("promtool", "check", "rules", file.toString());

        assertThat(output.exit()).as(output.text() + output.errors()).isZero();
        assertThat(output.text()).contains(rules.size() + " rules found");
    }

    /** A different name for each expression, since the names of rules must differ. */
    private static String ruleName(String expression) {
        return "query:" + HexFormat.of().toHexDigits(expression.hashCode());
    }

    @Test
    void dashboard_isDeployedOnceAndUnchanged() throws IOException {
        Path file = Path.of("k8s/components/monitoring/dashboard.json");

        assertThat(dashboard().json()).isEqualTo(new YAMLMapper().readTree(file.toFile()));
        assertThat(Dashboard.allIn(Kustomize.overlay("dev"))).isEmpty();
    }

    private static Dashboard dashboard() {
        List<Dashboard> deployed = Dashboard.allIn(Kustomize.overlay("production")).toList();
        assertThat(deployed).hasSize(1);
        return deployed.getFirst();
    }
}
