package dev.parley.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.local.JarOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that the package contains exactly the components of its bill of materials, and that their
 * licences are allowed.
 */
@Tag("deploy")
@JarOnly
class BillOfMaterialsIT {

    /**
     * A JAR that Quarkus changes: it has its own exporter, and removes the files by which the
     * exporter in this JAR would be found instead.
     */
    private static final String CHANGED_BY_QUARKUS =
            "io.opentelemetry.opentelemetry-exporter-otlp-1.57.0.jar";

    private static final Path LIBRARIES = Path.of("target", "quarkus-app", "lib");
    private static final Path BILL = Path.of("target", "parley-sbom.json");

    /**
     * The allowed licences, by their SPDX names. Under each of them, anybody may run and
     * redistribute a service that uses the library.
     */
    private static final Set<String> ALLOWED_LICENCES =
            Set.of(
                    "Apache-2.0",
                    "BSD-2-Clause",
                    "BSD-3-Clause",
                    "CC0-1.0",
                    "EPL-2.0",
                    "MIT",
                    "MIT-0");

    /**
     * A component that Maven reports and that Quarkus does not package, because it only starts
     * applications in an IDE.
     */
    private static final String IDE_LAUNCHER = "quarkus-ide-launcher";

    @Test
    void package_ofService_containsComponentsOfBill() throws IOException {
        Map<String, String> billed =
                components()
                        .filter(component -> !component.at("/name").asText().equals(IDE_LAUNCHER))
                        .collect(
                                Collectors.toMap(
                                        BillOfMaterialsIT::jar, BillOfMaterialsIT::sha256));

        Map<String, String> packaged = packaged();
        assertThat(packaged.keySet()).isEqualTo(billed.keySet());
        packaged.remove(CHANGED_BY_QUARKUS);
        billed.remove(CHANGED_BY_QUARKUS);
        assertThat(packaged).isEqualTo(billed);
    }

    /** If a component has several licences, its user may choose one. */
    @Test
    void components_ofBill_haveAllowedLicences() throws IOException {
        Map<String, List<String>> licences =
                components()
                        .collect(
                                Collectors.toMap(
                                        BillOfMaterialsIT::jar, BillOfMaterialsIT::licences));

        assertThat(licences).isNotEmpty();
        licences.values()
                .removeIf(choices -> choices.stream().anyMatch(ALLOWED_LICENCES::contains));
        assertThat(licences).isEmpty();
    }

    @Test
    void package_ofService_containsNoTestLibraries() throws IOException {
        assertThat(packaged().keySet())
                .noneMatch(
                        jar ->
                                Stream.of(
                                                "DynamoDBLocal",
                                                "kafka_2.13",
                                                "junit",
                                                "assertj",
                                                "archunit",
                                                "rest-assured")
                                        .anyMatch(jar::contains));
    }

    private static Map<String, String> packaged() throws IOException {
        try (Stream<Path> files = Files.walk(LIBRARIES)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .collect(
                            Collectors.toMap(
                                    jar -> jar.getFileName().toString(),
                                    BillOfMaterialsIT::sha256));
        }
    }

    private static Stream<JsonNode> components() throws IOException {
        return elements(new JsonMapper().readTree(BILL.toFile()).at("/components"));
    }

    /** Returns the name of the JAR in the package. */
    private static String jar(JsonNode component) {
        return "%s.%s-%s.jar"
                .formatted(
                        component.at("/group").asText(),
                        component.at("/name").asText(),
                        component.at("/version").asText());
    }

    /**
     * Returns the licences by their SPDX names if they have one. An npm package has a single
     * expression with all of its licences.
     */
    private static List<String> licences(JsonNode component) {
        return elements(component.at("/licenses"))
                .map(choice -> choice.at("/license"))
                .map(licence -> licence.path("id").asText(licence.path("name").asText()))
                .flatMap(names -> Stream.of(names.replaceAll("[()]", "").split(" OR ")))
                .toList();
    }

    private static String sha256(JsonNode component) {
        return elements(component.at("/hashes"))
                .filter(hash -> hash.at("/alg").asText().equals("SHA-256"))
                .map(hash -> hash.at("/content").asText())
                .collect(Collectors.joining());
    }

    private static String sha256(Path file) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK provides SHA-256", e);
        }
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
