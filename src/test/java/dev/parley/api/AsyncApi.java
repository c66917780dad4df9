package dev.parley.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** An AsyncAPI 3.0 document, and what is wrong with it. */
final class AsyncApi {

    private static final String SHAPE = "/asyncapi-shape.yaml";

    /** What JSON Schema lets pass, since it ignores the keywords that it doesn't know. */
    private static final Set<String> KEYWORDS =
            Set.of(
                    "$ref",
                    "additionalProperties",
                    "allOf",
                    "anyOf",
                    "const",
                    "default",
                    "description",
                    "enum",
                    "exclusiveMaximum",
                    "format",
                    "maxLength",
                    "maximum",
                    "minLength",
                    "minimum",
                    "not",
                    "oneOf",
                    "pattern",
                    "properties",
                    "propertyNames",
                    "required",
                    "type");

    private final JsonNode document;

    AsyncApi(JsonNode document) {
        this.document = document;
    }

    static AsyncApi of(String yaml) {
        try {
            return new AsyncApi(new YAMLMapper().readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy to spoil. */
    ObjectNode copy() {
        return document.deepCopy();
    }

    /** Empty if the document is valid. */
    List<String> problems() {
        List<String> problems = new ArrayList<>(problemsOfShape());
        references(document, problems);
        for (JsonNode operation : document.path("operations")) {
            messages(operation, problems);
        }
        for (JsonNode schema : document.at("/components/schemas")) {
            keywords(schema, problems);
        }
        for (JsonNode message : document.at("/components/messages")) {
            keywords(message.path("headers"), problems);
            keywords(message.path("payload"), problems);
        }
        unused(problems);
        return problems;
    }

    private List<String> problemsOfShape() {
        try (InputStream shape = AsyncApi.class.getResourceAsStream(SHAPE)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(Objects.requireNonNull(shape), InputFormat.YAML)
                    .validate(document.toString(), InputFormat.JSON)
                    .stream()
                    .map(Object::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void references(JsonNode node, List<String> problems) {
        if (node.has("$ref") && document.at(pointer(node)).isMissingNode()) {
            problems.add(pointer(node) + " is nowhere");
        }
        node.forEach(child -> references(child, problems));
    }

    /** An operation has all messages of its channel, and no others. */
    private void messages(JsonNode operation, List<String> problems) {
        Set<String> ofChannel = new HashSet<>();
        String channel = pointer(operation.path("channel"));
        document.at(channel)
                .path("messages")
                .fieldNames()
                .forEachRemaining(name -> ofChannel.add(channel + "/messages/" + name));
        Set<String> ofOperation = new HashSet<>();
        operation.path("messages").forEach(message -> ofOperation.add(pointer(message)));
        if (!ofOperation.equals(ofChannel)) {
            problems.add("an operation has " + ofOperation + ", its channel " + ofChannel);
        }
    }

    private void keywords(JsonNode schema, List<String> problems) {
        schema.fieldNames()
                .forEachRemaining(
                        keyword -> {
                            if (!KEYWORDS.contains(keyword)) {
                                problems.add("a schema has the unknown keyword " + keyword);
                            }
                        });
        schema.path("properties").forEach(property -> keywords(property, problems));
        if (schema.has("not")) {
            keywords(schema.path("not"), problems);
        }
        for (String branches : List.of("allOf", "anyOf", "oneOf")) {
            schema.path(branches).forEach(branch -> keywords(branch, problems));
        }
    }

    /** What nothing refers to is forgotten, or its reference is misspelt. */
    private void unused(List<String> problems) {
        Set<String> used = new HashSet<>();
        document.findValuesAsText("$ref").forEach(reference -> used.add(reference.substring(1)));
        document.path("components")
                .properties()
                .forEach(
                        kind ->
                                kind.getValue()
                                        .fieldNames()
                                        .forEachRemaining(
                                                name -> {
                                                    String pointer =
                                                            "/components/"
                                                                    + kind.getKey()
                                                                    + "/"
                                                                    + name;
                                                    if (!used.contains(pointer)) {
                                                        problems.add(pointer + " is not used");
                                                    }
                                                }));
    }

    private static String pointer(JsonNode reference) {
        String text = reference.path("$ref").asText();
        return text.startsWith("#/") ? text.substring(1) : "/nowhere";
    }
}
