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

/** An AsyncAPI 3.0 document, and the checks that find its problems. */
final class AsyncApi {

    private static final String SCHEMA = "/asyncapi-schema.yaml";

    /**
     * The keywords that schemas may use. JSON Schema ignores unknown keywords, so it would not
     * report a misspelt one.
     */
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

    /** Returns a copy that a test may change. */
    ObjectNode copy() {
        return document.deepCopy();
    }

    /** Returns the problems of the document; empty if it is valid. */
    List<String> problems() {
        List<String> problems = new ArrayList<>(schemaProblems());
        checkReferences(document, problems);
        for (JsonNode operation : document.path("operations")) {
            checkMessages(operation, problems);
        }
        for (JsonNode schema : document.at("/components/schemas")) {
            checkKeywords(schema, problems);
        }
        for (JsonNode message : document.at("/components/messages")) {
            checkKeywords(message.path("headers"), problems);
            checkKeywords(message.path("payload"), problems);
        }
        checkUnused(problems);
        return problems;
    }

    private List<String> schemaProblems() {
        try (InputStream schema = AsyncApi.class.getResourceAsStream(SCHEMA)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(Objects.requireNonNull(schema), InputFormat.YAML)
                    .validate(document.toString(), InputFormat.JSON)
                    .stream()
                    .map(Object::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkReferences(JsonNode node, List<String> problems) {
        if (node.has("$ref") && document.at(pointer(node)).isMissingNode()) {
            problems.add(pointer(node) + " does not exist");
        }
        node.forEach(child -> checkReferences(child, problems));
    }

    /** Checks that an operation has all messages of its channel, and no others. */
    private void checkMessages(JsonNode operation, List<String> problems) {
        Set<String> channelMessages = new HashSet<>();
        String channel = pointer(operation.path("channel"));
        document.at(channel)
                .path("messages")
                .fieldNames()
                .forEachRemaining(name -> channelMessages.add(channel + "/messages/" + name));
        Set<String> operationMessages = new HashSet<>();
        operation.path("messages").forEach(message -> operationMessages.add(pointer(message)));
        if (!operationMessages.equals(channelMessages)) {
            problems.add(
                    "an operation has the messages "
                            + operationMessages
                            + ", but its channel has "
                            + channelMessages);
        }
    }

    private void checkKeywords(JsonNode schema, List<String> problems) {
        schema.fieldNames()
                .forEachRemaining(
                        keyword -> {
                            if (!KEYWORDS.contains(keyword)) {
                                problems.add("a schema has the unknown keyword " + keyword);
                            }
                        });
        schema.path("properties").forEach(property -> checkKeywords(property, problems));
        if (schema.has("not")) {
            checkKeywords(schema.path("not"), problems);
        }
        for (String branches : List.of("allOf", "anyOf", "oneOf")) {
            schema.path(branches).forEach(branch -> checkKeywords(branch, problems));
        }
    }

    /**
     * Checks that every component is used. If nothing refers to a component, it is obsolete, or its
     * reference is misspelt.
     */
    private void checkUnused(List<String> problems) {
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
