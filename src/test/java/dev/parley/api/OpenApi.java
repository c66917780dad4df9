package dev.parley.api;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The OpenAPI document as it is served, which validates responses. */
final class OpenApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode document;

    private OpenApi(JsonNode document) {
        this.document = document;
    }

    static OpenApi served() {
        try {
            return new OpenApi(JSON.readTree(given().get("/q/openapi?format=json").asString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the node at a JSON pointer. */
    JsonNode at(String pointer) {
        return document.at(pointer);
    }

    /** Returns the node itself, or the node that it refers to. */
    JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? at(node.get("$ref").asText().substring(1)) : node;
    }

    /**
     * Returns the errors of the JSON against that schema of the components; empty if it is valid.
     */
    List<Error> errors(String schema, String json) {
        return errors(JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema), json);
    }

    /** Returns the errors of the JSON against a schema of this document; empty if it is valid. */
    List<Error> errors(JsonNode schema, String json) {
        ObjectNode root = schema.deepCopy();
        root.set("components", document.get("components"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(root.toString(), InputFormat.JSON)
                .validate(json, InputFormat.JSON);
    }
}
