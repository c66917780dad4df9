package dev.parley.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.docs.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the objects that {@code kubectl kustomize} builds from the overlays. */
@Tag("deploy")
class OverlaysIT {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String PLACEHOLDER = "FILL_IN";
    private static final Pattern CREDENTIAL =
            Pattern.compile("AKIA[0-9A-Z]{16}|-----BEGIN|\\beyJ[A-Za-z0-9_-]{10}");

    static List<String> overlays() throws IOException {
        return names(Kustomize.OVERLAYS);
    }

    static List<String> components() throws IOException {
        return names(Path.of("k8s", "components"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void overlay_hasNoProblems(String overlay) {
        assertThat(Inspection.problems(Kustomize.overlay(overlay))).isEmpty();
    }

    /** Also the components that no overlay uses. */
    @ParameterizedTest
    @MethodSource("components")
    void overlay_withAnotherComponent_hasNoProblems(String component) {
        assertThat(Inspection.problems(Kustomize.devWith(component))).isEmpty();
    }

    @Test
    void overlay_withBothScalers_cannotBeBuilt() {
        Command.Output output = Kustomize.tryDevWith("keda", "hpa");

        assertThat(output.exit()).isNotZero();
        assertThat(output.errors()).contains("/spec/replicas");
    }

    @Test
    void dev_isReachableOnlyFromItsNamespace() {
        Manifests dev = Kustomize.overlay("dev");

        assertThat(dev.settings())
                .containsEntry("PARLEY_SECURITY_ANONYMOUS", "true")
                .containsEntry("PARLEY_TABLE_MODE", "create")
                .containsKey("QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE");
        assertThat(dev.only("Deployment").at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(dev.only("NetworkPolicy").at("/spec/ingress/0/from").toString())
                .isEqualTo("[{\"podSelector\":{}}]");
    }

    @Test
    void production_requiresATokenAndAnExistingTable() {
        Manifests production = Kustomize.overlay("production");

        assertThat(production.settings())
                .doesNotContainKeys(
                        "PARLEY_SECURITY_ANONYMOUS", "QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE")
                .containsKey("QUARKUS_OIDC_AUTH_SERVER_URL")
                .containsEntry("PARLEY_TABLE_MODE", "verify")
                .containsEntry("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        assertThat(production.ofKind("ScaledObject")).hasSize(1);
        assertThat(production.ofKind("PrometheusRule")).hasSize(1);
        assertThat(production.only("ServiceAccount").at("/metadata/annotations").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("eks.amazonaws.com/role-arn");
    }

    /** The documents contain a command that finds each value that the operator must fill in. */
    @Test
    void production_marksTheValuesToFillIn() throws IOException {
        Map<String, Long> placeholders = new TreeMap<>();
        for (Path file : files(Kustomize.OVERLAYS.resolve("production"))) {
            long count =
                    Files.readAllLines(file).stream()
                            .filter(line -> !line.startsWith("#") && line.contains(PLACEHOLDER))
                            .count();
            if (count > 0) {
                placeholders.put(file.getFileName().toString(), count);
            }
        }

        assertThat(placeholders)
                .isEqualTo(
                        Map.of(
                                "kustomization.yaml",
                                1L,
                                "parley.env",
                                3L,
                                "service-account.yaml",
                                1L));
        assertThat(Kustomize.overlay("dev").all().toString()).doesNotContain(PLACEHOLDER);
        assertThat(Documents.read(Documents.DEPLOYMENT))
                .contains("grep -rn FILL_IN k8s/overlays/production");
    }

    /** The files may refer to Secrets, but must not contain their values. */
    @Test
    void files_containNoCredentials() throws IOException {
        for (Path file : files(Path.of("k8s"))) {
            String text = Files.readString(file);
            assertThat(text).as(file.toString()).doesNotContainPattern(CREDENTIAL);
            assertThat(text)
                    .as(file.toString())
                    .doesNotContain("kind: Secret\n", "secretGenerator");
        }
    }

    @Test
    void secretOfProduction_needsTheKeysThatTheDocumentsList() throws IOException {
        Manifests production = Kustomize.overlay("production");
        Set<String> required = new TreeSet<>();
        Manifests.elements(production.container().path("env"))
                .map(variable -> variable.at("/valueFrom/secretKeyRef"))
                .peek(reference -> assertThat(reference.path("name").asText()).isEqualTo("parley"))
                .forEach(reference -> required.add(reference.path("key").asText()));
        production
                .ofKind("TriggerAuthentication")
                .flatMap(each -> Manifests.elements(each.at("/spec/secretTargetRef")))
                .peek(reference -> assertThat(reference.path("name").asText()).isEqualTo("parley"))
                .forEach(reference -> required.add(reference.path("key").asText()));

        Set<String> documented =
                Pattern.compile("--from-(?:literal|file)=([a-z-]+)=")
                        .matcher(Documents.read(Documents.DEPLOYMENT))
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(required);
    }

    /** A JVM exits immediately if it does not know an option. */
    @ParameterizedTest
    @MethodSource("overlays")
    void jvm_acceptsItsOptions(String overlay) throws Exception {
        String options = Kustomize.overlay(overlay).settings().get("JAVA_TOOL_OPTIONS");
        ProcessBuilder java = new ProcessBuilder(JAVA, "-version");
        java.environment().put("JAVA_TOOL_OPTIONS", options);
        java.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);

        assertThat(java.start().waitFor()).isZero();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
