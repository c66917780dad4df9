package dev.parley.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The objects of Kubernetes that an overlay deploys. */
record Manifests(List<ObjectNode> all) {

    private static final YAMLMapper YAML = new YAMLMapper();

    Manifests {
        all = List.copyOf(all);
    }

    static Manifests parse(String text) {
        try (MappingIterator<ObjectNode> documents =
                YAML.readerFor(ObjectNode.class).readValues(text)) {
            return new Manifests(documents.readAll());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String name(JsonNode object) {
        return object.at("/kind").asText() + " " + object.at("/metadata/name").asText();
    }

    Stream<ObjectNode> ofKind(String kind) {
        return all.stream().filter(object -> object.at("/kind").asText().equals(kind));
    }

    /** The only object of a kind. */
    ObjectNode only(String kind) {
        List<ObjectNode> found = ofKind(kind).toList();
        if (found.size() != 1) {
            throw new IllegalStateException(
                    "there are " + found.size() + " objects of kind " + kind + " instead of 1");
        }
        return found.getFirst();
    }

    boolean has(String kind, String name) {
        return ofKind(kind).anyMatch(object -> object.at("/metadata/name").asText().equals(name));
    }

    JsonNode pod() {
        return only("Deployment").at("/spec/template/spec");
    }

    JsonNode container() {
        return pod().at("/containers/0");
    }

    /** The settings that the container gets from its ConfigMap. */
    Map<String, String> settings() {
        return ofKind("ConfigMap")
                .filter(each -> !Dashboard.isDashboard(each))
                .findFirst()
                .map(each -> fields(each.at("/data")))
                .orElse(Map.of());
    }

    static Map<String, String> fields(JsonNode object) {
        Map<String, String> fields = new TreeMap<>();
        object.properties().forEach(each -> fields.put(each.getKey(), each.getValue().asText()));
        return fields;
    }

    static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    static List<String> texts(JsonNode list, String field) {
        return elements(list).map(each -> each.path(field).asText()).toList();
    }
}
