package dev.parley.image;

import io.quarkus.bootstrap.app.CuratedApplication;
import io.quarkus.bootstrap.app.QuarkusBootstrap;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;

/**
 * The input of the native image builder: its arguments and the JARs. The image itself is not built.
 */
record NativeSources(String arguments, List<Path> jars) {

    private static final String NAME = "parley";
    private static final Path PROJECT = Path.of("").toAbsolutePath();

    NativeSources {
        jars = List.copyOf(jars);
    }

    /** Lets Quarkus prepare the sources in the folder. */
    static NativeSources prepare(Path folder) throws Exception {
        Properties build = profileProperties();
        build.setProperty("quarkus.native.sources-only", "true");
        QuarkusBootstrap bootstrap =
                QuarkusBootstrap.builder()
                        .setProjectRoot(PROJECT)
                        .setApplicationRoot(PROJECT.resolve("target").resolve("classes"))
                        .setTargetDirectory(folder)
                        .setBaseName(NAME)
                        .setMode(QuarkusBootstrap.Mode.PROD)
                        .setLocalProjectDiscovery(true)
                        .setIsolateDeployment(true)
                        .setBuildSystemProperties(build)
                        .build();
        try (CuratedApplication application = bootstrap.bootstrap()) {
            application.createAugmentor().createProductionApplication();
        }
        Path sources = folder.resolve("native-sources");
        return new NativeSources(
                Files.readString(sources.resolve("native-image.args")),
                Stream.concat(jars(sources), jars(sources.resolve("lib"))).toList());
    }

    /** Returns the properties that {@code -Dnative} sets. */
    private static Properties profileProperties() throws Exception {
        try (Reader pom = Files.newBufferedReader(PROJECT.resolve("pom.xml"))) {
            return new MavenXpp3Reader()
                    .read(pom).getProfiles().stream()
                            .filter(profile -> profile.getId().equals("native"))
                            .findFirst()
                            .orElseThrow()
                            .getProperties();
        }
    }

    private static Stream<Path> jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
