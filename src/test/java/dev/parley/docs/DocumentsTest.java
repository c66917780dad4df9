package dev.parley.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.CliItemOutput;
import dev.parley.dynamodb.layout.SessionTable;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that the documents agree with the code and that their links lead to existing targets. */
class DocumentsTest {

    private static final Pattern PROPERTY =
            Pattern.compile("\\| `(parley\\.[a-z.-]+)` \\| `?(none|[^`]*)`? \\|");

    /** A line of a tree of packages: its indentation, its name, and its description. */
    private static final Pattern PACKAGE = Pattern.compile("(?m)^((?:  )+)([a-z0-9]+)/ +\\S");

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\">");
    private static final int README_LINES = 150;

    @Test
    void configuration_inDocument_hasAllPropertiesAndDefaults() {
        Map<String, String> described = new HashMap<>();
        PROPERTY.matcher(Documents.read(Documents.CONFIGURATION))
                .results()
                .forEach(match -> described.put(match.group(1), match.group(2)));

        assertThat(described).isEqualTo(ParleyProperties.withDefaults());
    }

    @Test
    void readme_isShort() {
        assertThat(Documents.read(Documents.README).lines().count())
                .isLessThanOrEqualTo(README_LINES);
    }

    /**
     * Compares the trees in ARCHITECTURE.md. The tree of the tests need not repeat packages that
     * the tree of the code names.
     */
    @Test
    void architecture_namesEveryPackage() throws IOException {
        String document = Documents.read(Documents.ARCHITECTURE);
        int tests = document.indexOf("src/test/java/dev/parley/");
        Set<String> described = packagesIn(document.substring(0, tests));

        assertThat(described).isEqualTo(packagesBelow("src/main/java/dev/parley"));
        assertThat(packagesBelow("src/test/java/dev/parley"))
                .containsAll(packagesIn(document.substring(tests)));
        Set<String> all = new HashSet<>(described);
        all.addAll(packagesIn(document.substring(tests)));
        assertThat(all).containsAll(packagesBelow("src/test/java/dev/parley"));
    }

    private static Set<String> packagesIn(String tree) {
        Set<String> packages = new HashSet<>();
        List<String> path = new ArrayList<>();
        for (MatchResult line : PACKAGE.matcher(tree).results().toList()) {
            int depth = line.group(1).length() / 2;
            path = new ArrayList<>(path.subList(0, Math.min(path.size(), depth - 1)));
            path.add(line.group(2));
            packages.add(String.join("/", path));
        }
        return packages;
    }

    private static Set<String> packagesBelow(String folder) throws IOException {
        Path root = Path.of(folder);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> root.relativize(file.getParent()).toString().replace('\\', '/'))
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toSet());
        }
    }

    static List<Path> documents() {
        return Documents.paths();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void links_ofDocument_haveTargets(Path document) {
        List<String> broken =
                LINK.matcher(Documents.read(document))
                        .results()
                        .map(link -> link.group(1))
                        .filter(target -> !target.contains("://"))
                        .filter(target -> !exists(document, target))
                        .toList();

        assertThat(broken).isEmpty();
    }

    private static boolean exists(Path document, String target) {
        String[] parts = target.split("#", 2);
        Path folder = Optional.ofNullable(document.getParent()).orElse(Path.of(""));
        Path file = parts[0].isEmpty() ? document : folder.resolve(parts[0]);
        return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    /**
     * Returns the anchors that GitHub derives from the headings, and those that the document
     * declares.
     */
    private static Set<String> anchors(Path document) {
        String text = Documents.read(document);
        Set<String> anchors =
                HEADING.matcher(text)
                        .results()
                        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", ""))
                        .map(heading -> heading.replace(' ', '-'))
                        .collect(Collectors.toCollection(HashSet::new));
        ANCHOR.matcher(text).results().forEach(anchor -> anchors.add(anchor.group(1)));
        return anchors;
    }

    static Stream<CliItemOutput> itemsOfAllKinds() {
        return CliItemOutput.ofAllKinds();
    }

    /** Runs the Python code of the document on an item in the form that the AWS CLI prints. */
    @ParameterizedTest
    @MethodSource("itemsOfAllKinds")
    void item_ofAnyKind_isReadableByDocumentedPython(CliItemOutput item) throws Exception {
        String storage = Documents.read(Documents.STORAGE);
        int start = storage.indexOf("```python\n") + "```python\n".length();
        String python = storage.substring(start, storage.indexOf("```", start));
        Process process =
                new ProcessBuilder("python3", "-c", python).redirectErrorStream(true).start();

        try (OutputStream in = process.getOutputStream()) {
            in.write(item.output().getBytes(UTF_8));
        }

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .isEqualTo(item.printed());
    }

    static Stream<String> attributes() {
        return Arrays.stream(SessionTable.class.getDeclaredFields())
                .filter(field -> field.getType() == String.class)
                .map(DocumentsTest::value);
    }

    private static String value(Field constant) {
        try {
            constant.setAccessible(true);
            return (String) constant.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("attributes")
    void attribute_ofTable_isDescribed(String attribute) {
        assertThat(Documents.read(Documents.STORAGE)).contains("`" + attribute + "`");
    }
}
