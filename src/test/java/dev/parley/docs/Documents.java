package dev.parley.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the project's documents, for tests that compare them with the code. */
public final class Documents {

    public static final Path CONFIGURATION = Path.of("docs", "configuration.md");
    public static final Path OPERATIONS = Path.of("docs", "operations.md");
    public static final Path DEPLOYMENT = Path.of("docs", "deployment.md");
    public static final Path STORAGE = Path.of("docs", "storage.md");
    static final Path ARCHITECTURE = Path.of("ARCHITECTURE.md");
    static final Path README = Path.of("README.md");

    private Documents() {}

    public static String read(Path document) {
        try {
            return Files.readString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the text of all documents, joined. */
    public static String all() {
        return paths().stream().map(Documents::read).collect(Collectors.joining("\n"));
    }

    /** Returns the documents in the project's folder and in {@code docs}. */
    static List<Path> paths() {
        return Stream.of(Path.of(""), Path.of("docs"))
                .flatMap(Documents::pathsIn)
                .sorted()
                .toList();
    }

    private static Stream<Path> pathsIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".md")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
