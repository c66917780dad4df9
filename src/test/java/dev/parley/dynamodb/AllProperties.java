package dev.parley.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An object of which each property is to be taken once, and none left. */
public record AllProperties(ObjectNode object) {

    public static AllProperties of(JsonNode value) {
        if (value instanceof ObjectNode object) {
            return new AllProperties(object);
        }
        throw new IllegalArgumentException("no object: " + value);
    }

    public JsonNode take(String name) {
        JsonNode value = object.remove(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name + " in " + object);
        }
        return value;
    }

    /** Fails if there is a property that nobody asked for. */
    public void end() {
        if (!object.isEmpty()) {
            throw new IllegalArgumentException("what is " + object + "?");
        }
    }
}
