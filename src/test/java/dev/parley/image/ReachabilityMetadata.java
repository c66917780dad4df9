package dev.parley.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The types and resources that a native image can access by name. The files in the JARs declare
 * them, in one of two formats.
 */
final class ReachabilityMetadata {

    private static final String FOLDER = "META-INF/native-image/";
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, JsonNode> types = new HashMap<>();
    private final List<Predicate<String>> resources = new ArrayList<>();

    static ReachabilityMetadata of(List<Path> jars) throws IOException {
        ReachabilityMetadata reachable = new ReachabilityMetadata();
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                for (JarEntry entry : file.stream().toList()) {
                    if (entry.getName().startsWith(FOLDER)) {
                        reachable.add(file, entry);
                    }
                }
            }
        }
        return reachable;
    }

    private void add(JarFile jar, JarEntry entry) throws IOException {
        String file = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        switch (file) {
            case "reflect-config.json" -> addTypes(read(jar, entry), "name");
            case "resource-config.json" -> addResources(read(jar, entry).path("resources"));
            case "reachability-metadata.json" -> {
                addTypes(read(jar, entry).path("reflection"), "type");
                addResources(read(jar, entry).path("resources"));
            }
            default -> {
                // Contains arguments, or declarations that no test needs.
            }
        }
    }

    private static JsonNode read(JarFile jar, JarEntry entry) throws IOException {
        return JSON.readTree(jar.getInputStream(entry));
    }

    private void addTypes(JsonNode declared, String name) {
        declared.forEach(type -> types.put(type.path(name).asText(), type));
    }

    private void addResources(JsonNode declared) {
        for (JsonNode resource : declared.isArray() ? declared : declared.path("includes")) {
            resources.add(
                    resource.has("glob")
                            ? glob(resource.get("glob").asText())
                            : Pattern.compile(resource.path("pattern").asText())
                                    .asMatchPredicate());
        }
    }

    private static Predicate<String> glob(String glob) {
        FileSystem names = FileSystems.getDefault();
        return name -> names.getPathMatcher("glob:" + glob).matches(Path.of(name));
    }

    boolean hasResource(String name) {
        return resources.stream().anyMatch(resource -> resource.test(name));
    }

    /**
     * Returns whether the type is declared. Its name has the form that {@link Class#getName}
     * returns.
     */
    boolean hasType(String type) {
        return types.containsKey(type);
    }

    /**
     * Returns whether the methods of the type are declared, so that Jackson can convert it to JSON.
     */
    boolean hasMethodsOf(String type) {
        return declared(type).path("allDeclaredMethods").asBoolean();
    }

    private JsonNode declared(String type) {
        return types.getOrDefault(type, MissingNode.getInstance());
    }

    /** Returns the fields of the type that native code can access. */
    Set<String> nativeFieldsOf(String type) {
        JsonNode declared = declared(type);
        return declared.path("jniAccessible").asBoolean()
                ? StreamSupport.stream(declared.path("fields").spliterator(), false)
                        .map(field -> field.path("name").asText())
                        .collect(Collectors.toSet())
                : Set.of();
    }
}
