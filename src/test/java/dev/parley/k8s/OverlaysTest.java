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

/** What an operator gets from {@code kubectl kustomize}. */
@Tag("deploy")
class OverlaysTest {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String TO_FILL_IN = "FILL_IN";
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
    void overlay_isAsItShouldBe(String overlay) {
        assertThat(Inspection.problems(Kustomize.overlay(overlay))).isEmpty();
    }

    /** Those that no overlay has, too. */
    @ParameterizedTest
    @MethodSource("components")
    void overlay_withAnotherComponent_isAsItShouldBe(String component) {
        assertThat(Inspection.problems(Kustomize.devWith(component))).isEmpty();
    }

    @Test
    void overlay_withBothScalers_canNotBeBuilt() {
        Command.Output output = Kustomize.tryDevWith("keda", "hpa");

        assertThat(output.exit()).isNotZero();
        assertThat(output.errors()).contains("/spec/replicas");
    }

    @Test
    void dev_isOpenToItsNamespaceAlone() {
        Manifests dev = Kustomize.overlay("dev");

        assertThat(dev.settings())
                .containsEntry("PARLEY_SECURITY_ANONYMOUS", "true")
                .containsEntry("PARLEY_TABLE_MODE", "create")
                .containsKey("QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE");
        assertThat(dev.one("Deployment").at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(dev.one("NetworkPolicy").at("/spec/ingress/0/from").toString())
                .isEqualTo("[{\"podSelector\":{}}]");
    }

    @Test
    void production_takesATokenAndAMadeTable() {
        Manifests production = Kustomize.overlay("production");

        assertThat(production.settings())
                .doesNotContainKeys(
                        "PARLEY_SECURITY_ANONYMOUS", "QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE")
                .containsKey("QUARKUS_OIDC_AUTH_SERVER_URL")
                .containsEntry("PARLEY_TABLE_MODE", "verify")
                .containsEntry("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        assertThat(production.of("ScaledObject")).hasSize(1);
        assertThat(production.of("PrometheusRule")).hasSize(1);
        assertThat(production.one("ServiceAccount").at("/metadata/annotations").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("eks.amazonaws.com/role-arn");
    }

    /** So that no pod starts half configured, and nobody has to search. */
    @Test
    void production_saysWhatIsToBeFilledIn() throws IOException {
        Map<String, Long> places = new TreeMap<>();
        for (Path file : files(Kustomize.OVERLAYS.resolve("production"))) {
            long count =
                    Files.readAllLines(file).stream()
                            .filter(line -> !line.startsWith("#") && line.contains(TO_FILL_IN))
                            .count();
            if (count > 0) {
                places.put(file.getFileName().toString(), count);
            }
        }

        assertThat(places)
                .isEqualTo(
                        Map.of(
                                "kustomization.yaml",
                                1L,
                                "parley.env",
                                3L,
                                "service-account.yaml",
                                1L));
        assertThat(Kustomize.overlay("dev").all().toString()).doesNotContain(TO_FILL_IN);
        assertThat(Documents.read(Documents.DEPLOYMENT))
                .contains("grep -rn FILL_IN k8s/overlays/production");
    }

    /** Secrets are named; what is in them isn't here, whatever it is called. */
    @Test
    void files_haveNoCredentials() throws IOException {
        for (Path file : files(Path.of("k8s"))) {
            String text = Files.readString(file);
            assertThat(text).as(file.toString()).doesNotContainPattern(CREDENTIAL);
            assertThat(text)
                    .as(file.toString())
                    .doesNotContain("kind: Secret\n", "secretGenerator");
        }
    }

    @Test
    void secret_ofProduction_hasTheKeysThatTheDocumentsName() throws IOException {
        Manifests production = Kustomize.overlay("production");
        Set<String> needed = new TreeSet<>();
        Manifests.elements(production.container().path("env"))
                .map(variable -> variable.at("/valueFrom/secretKeyRef"))
                .peek(reference -> assertThat(reference.path("name").asText()).isEqualTo("parley"))
                .forEach(reference -> needed.add(reference.path("key").asText()));
        production
                .of("TriggerAuthentication")
                .flatMap(each -> Manifests.elements(each.at("/spec/secretTargetRef")))
                .peek(reference -> assertThat(reference.path("name").asText()).isEqualTo("parley"))
                .forEach(reference -> needed.add(reference.path("key").asText()));

        Set<String> told =
                Pattern.compile("--from-(?:literal|file)=([a-z-]+)=")
                        .matcher(Documents.read(Documents.DEPLOYMENT))
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(told).isEqualTo(needed);
    }

    /** A JVM ends at once for an option that it doesn't know. */
    @ParameterizedTest
    @MethodSource("overlays")
    void jvm_takesItsOptions(String overlay) throws Exception {
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
