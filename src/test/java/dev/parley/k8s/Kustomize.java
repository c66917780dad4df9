package dev.parley.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Builds overlays with {@code kubectl kustomize}, which needs no cluster. */
final class Kustomize {

    static final Path OVERLAYS = Path.of("k8s", "overlays");

    /** The directory for files that the tests generate. */
    static final Path GENERATED = Path.of("target", "k8s");

    private Kustomize() {}

    /** The objects that an overlay of the repository deploys. */
    static Manifests overlay(String name) {
        return build(OVERLAYS.resolve(name));
    }

    /** The objects of a generated overlay: {@code dev} with these components. */
    static Manifests devWith(String... components) {
        return build(generateOverlay(components));
    }

    /** Builds the same overlay, but returns the output of kustomize, also if it fails. */
    static Command.Output tryDevWith(String... components) {
        return run(generateOverlay(components));
    }

    private static Manifests build(Path folder) {
        Command.Output output = run(folder);
        if (output.exit() != 0) {
            throw new AssertionError(folder + " cannot be built: " + output.errors());
        }
        return Manifests.parse(output.text());
    }

    private static Path generateOverlay(String... components) {
        StringBuilder text =
                new StringBuilder(
                        """
                        apiVersion: kustomize.config.k8s.io/v1beta1
                        kind: Kustomization
                        namespace: parley-dev
                        resources:
                          - ../../../k8s/overlays/dev
                        components:
                        """);
        for (String component : components) {
            text.append("  - ../../../k8s/components/").append(component).append('\n');
        }
        try {
            Path folder = GENERATED.resolve(String.join("-", components));
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("kustomization.yaml"), text);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Command.Output run(Path folder) {
        return Command.run("kubectl", "kustomize", folder.toString());
    }
}
