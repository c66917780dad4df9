package dev.parley.k8s;

import static dev.parley.session.EventBuilder.event;
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
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The dashboard asks Prometheus for what the service counts. */
@Tag("deploy")
@QuarkusTest
@WithTestResource(LocalParley.class)
class DashboardTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String id = "shown-" + UUID.randomUUID();

    @Inject SessionWriter sessions;

    @Test
    void queries_askForSeriesThatAreThere() {
        sessions.apply(id, List.of(event(id).turn("t-1", "hi"))).await().atMost(PATIENCE);
        assertThat(given().get("/sessions/" + id).statusCode()).isEqualTo(200);
        List<String> expressions =
                dashboard().queries().stream().map(Dashboard.Query::expression).toList();
        assertThat(expressions).isNotEmpty();

        // Pauses of the garbage collector are there once there was one.
        System.gc();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            List<String> series =
                                    given().get("/q/metrics").asString().lines().toList();
                            assertThat(expressions)
                                    .flatExtracting(Dashboards::selectors)
                                    .allSatisfy(
                                            selector ->
                                                    assertThat(series)
                                                            .anyMatch(
                                                                    line -> isOf(line, selector)));
                        });
    }

    private static boolean isOf(String series, Dashboards.Selector selector) {
        return series.replaceFirst("[{ ].*", "").equals(selector.metric())
                && selector.labels().entrySet().stream()
                        .allMatch(label -> series.contains(asWritten(label)));
    }

    private static String asWritten(Map.Entry<String, String> label) {
        return label.getKey() + "=\"" + (label.getValue().isEmpty() ? "" : label.getValue() + "\"");
    }

    /** As rules, since that is what promtool reads. */
    @Test
    void queries_areReadByPrometheus() throws IOException {
        Dashboard dashboard = dashboard();
        List<Map<String, String>> rules =
                dashboard.queries().stream()
                        .map(query -> dashboard.filled(query.expression(), "1m"))
                        .distinct()
                        .map(expression -> Map.of("record", nameOf(expression), "expr", expression))
                        .toList();
        Files.createDirectories(Kustomize.MADE);
        Path file = Kustomize.MADE.resolve("queries.yaml");
        new YAMLMapper()
                .writeValue(
                        file.toFile(),
                        Map.of("groups", List.of(Map.of("name", "queries", "rules", rules))));

        Command.Output output = Command.run("promtool", "check", "rules", file.toString());

        assertThat(output.exit()).as(output.text() + output.errors()).isZero();
        assertThat(output.text()).contains(rules.size() + " rules found");
    }

    /** Another one for each, as rules must have. */
    private static String nameOf(String expression) {
        return "query:" + HexFormat.of().toHexDigits(expression.hashCode());
    }

    @Test
    void dashboard_isDeployedOnce_asTheFileSays() throws IOException {
        Path file = Path.of("k8s/components/monitoring/dashboard.json");

        assertThat(dashboard().json()).isEqualTo(new YAMLMapper().readTree(file.toFile()));
        assertThat(Dashboard.of(Kustomize.overlay("dev"))).isEmpty();
    }

    private static Dashboard dashboard() {
        List<Dashboard> deployed = Dashboard.of(Kustomize.overlay("production")).toList();
        assertThat(deployed).hasSize(1);
        return deployed.getFirst();
    }
}
