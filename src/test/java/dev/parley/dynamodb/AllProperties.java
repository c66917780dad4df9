package dev.parley.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A JSON object whose properties a test takes one by one, so that it overlooks none. */
public record AllProperties(ObjectNode object) {

    public static AllProperties of(JsonNode value) {
        if (value instanceof ObjectNode object) {
            return new AllProperties(object);
        }
        throw new IllegalArgumentException("not a JSON object: " + value);
    }

    public JsonNode take(String name) {
        JsonNode value = object.remove(name);
        if (value == null) {
            throw new IllegalArgumentException("missing property " + name + " in " + object);
        }
        return value;
    }

    /** Fails if a property is left that the test has not taken. */
    public void requireEmpty() {
        if (!object.isEmpty()) {
            throw new IllegalArgumentException("unexpected properties: " + object);
        }
    }
}
