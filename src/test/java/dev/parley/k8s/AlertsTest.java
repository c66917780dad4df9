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

/** Alerts are about what the service counts, and there is one wherever the documents say when. */
@Tag("deploy")
@QuarkusTest
@WithTestResource(LocalParley.class)
class AlertsTest {

    /** To be looked at, and no reason to wake anybody. */
    private static final String BILL = "its rate is your bill";

    @Test
    void alerts_areAboutMetricsThatAreThere() {
        Metrics metrics = Metrics.of(given().get("/q/metrics").asString());

        assertThat(Alerts.selectors(Kustomize.overlay("production")))
                .isNotEmpty()
                .allSatisfy(
                        selector ->
                                assertThat(metrics.values().keySet())
                                        .anyMatch(name -> isOf(name, selector)));
    }

    private static boolean isOf(String series, Alerts.Selector selector) {
        return series.replaceFirst("\\{.*", "").equals(selector.metric())
                && series.contains(selector.tag());
    }

    @Test
    void documents_nameMetricsThatAreThere() {
        Metrics metrics = Metrics.of(given().get("/q/metrics").asString());
        Set<String> there =
                metrics.values().keySet().stream()
                        .map(series -> series.replaceFirst("\\{.*", ""))
                        .map(name -> name.replaceFirst("_(sum|count|max)$", ""))
                        .collect(Collectors.toSet());

        assertThat(there).containsAll(MetricsTable.read().keySet());
    }

    @Test
    void alert_isThereWhereverTheReadmeSaysWhen() {
        Map<String, String> told = new TreeMap<>(MetricsTable.read());
        told.values().removeIf(when -> when.isEmpty() || when.equals(BILL));
        Set<String> alerted =
                Alerts.selectors(Kustomize.overlay("production")).stream()
                        .map(selector -> Alerts.told(selector, MetricsTable.read().keySet()))
                        .collect(Collectors.toSet());

        assertThat(told).isNotEmpty();
        assertThat(alerted).containsAll(told.keySet());
    }

    /** Two instances that are well, and troubles; evaluated by Prometheus itself. */
    @Test
    void alerts_fireInTroubleAndOnlyThen() throws IOException {
        Files.createDirectories(Kustomize.MADE);
        Path tests = Kustomize.MADE.resolve("alerts-test.yaml");
        Files.copy(
                Path.of("src/test/resources/k8s/alerts-test.yaml"),
                tests,
                StandardCopyOption.REPLACE_EXISTING);
        new YAMLMapper()
                .writeValue(
                        Kustomize.MADE.resolve("rules.yaml").toFile(),
                        Kustomize.overlay("production").one("PrometheusRule").path("spec"));

        Command.Output output = Command.run("promtool", "test", "rules", tests.toString());

        assertThat(output.exit()).as(output.text() + output.errors()).isZero();
    }
}
