package dev.parley.k8s;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.parley.local.LocalParley;
import dev.parley.support.Metrics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that the alerts use metrics that the service has, and that they fire when they should. */
@Tag("deploy")
@QuarkusTest
@WithTestResource(LocalParley.class)
class AlertsIT {

    /** The text of the documents for a metric that is worth watching but needs no alert. */
    private static final String NO_ALERT = "Never. Its rate determines the cost of requests.";

    @Test
    void alerts_useMetricsThatExist() {
        Metrics metrics = Metrics.of(given().get("/q/metrics").asString());

        assertThat(AlertChecks.selectors(Kustomize.overlay("production")))
                .isNotEmpty()
                .allSatisfy(
                        selector ->
                                assertThat(metrics.values().keySet())
                                        .anyMatch(name -> matches(name, selector)));
    }

    private static boolean matches(String series, AlertChecks.Selector selector) {
        return series.replaceFirst("\\{.*", "").equals(selector.metric())
                && series.contains(selector.tag());
    }

    @Test
    void documents_listMetricsThatExist() {
        Metrics metrics = Metrics.of(given().get("/q/metrics").asString());
        Set<String> existing =
                metrics.values().keySet().stream()
                        .map(series -> series.replaceFirst("\\{.*", ""))
                        .map(name -> name.replaceFirst("_(sum|count|max)$", ""))
                        .collect(Collectors.toSet());

        assertThat(existing).containsAll(MetricsTable.read().keySet());
    }

    @Test
    void alert_existsForEachMetricWithAnAlertCondition() {
        Map<String, String> documented = new TreeMap<>(MetricsTable.read());
        documented.values().removeIf(when -> when.isEmpty() || when.equals(NO_ALERT));
        Set<String> alerted =
                AlertChecks.selectors(Kustomize.overlay("production")).stream()
                        .map(
                                selector ->
                                        AlertChecks.documentedName(
                                                selector.metric(), MetricsTable.read().keySet()))
                        .collect(Collectors.toSet());

        assertThat(documented).isNotEmpty();
        assertThat(alerted).containsAll(documented.keySet());
    }

    /**
     * Prometheus itself evaluates the alerts, for two healthy instances and for several failures.
     */
    @Test
    void alerts_fireOnlyWhenSomethingFails() throws IOException {
        Files.createDirectories(Kustomize.GENERATED);
        Path tests = Kustomize.GENERATED.resolve("alerts-test.yaml");
        Files.copy(
                Path.of("src/test/resources/k8s/alerts-test.yaml"),
                tests,
                StandardCopyOption.REPLACE_EXISTING);
        new YAMLMapper()
                .writeValue(
                        Kustomize.GENERATED.resolve("rules.yaml").toFile(),
                        Kustomize.overlay("production").only("PrometheusRule").path("spec"));

        Command.Output output = Command.run("promtool", "test", "rules", tests.toString());

        assertThat(output.exit()).as(output.text() + output.errors()).isZero();
    }
}
