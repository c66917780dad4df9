package dev.parley.k8s;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A change of one field of one object.
 *
 * @param pointer the field to set, or {@code -} after a list in order to append an element
 * @param value the new value as YAML; an empty string removes the field
 */
record ManifestEdit(String kind, String name, String pointer, String value) {

    private static final YAMLMapper YAML = new YAMLMapper();

    Manifests applyTo(Manifests manifests) {
        List<ObjectNode> edited = manifests.all().stream().map(ObjectNode::deepCopy).toList();
        ObjectNode object =
                edited.stream()
                        .filter(each -> isNamed(each))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("there is no " + kind + " " + name));
        change(object);
        return new Manifests(edited);
    }

    /** The name of a generated ConfigMap has a hash at its end. */
    private boolean isNamed(JsonNode object) {
        return Manifests.name(object).matches(kind + " " + name + "(-[a-z0-9]{10})?");
    }

    private void change(ObjectNode object) {
        JsonPointer path = JsonPointer.compile(pointer);
        String last = path.last().getMatchingProperty();
        JsonNode parent = object.at(path.head());
        switch (parent) {
            case ObjectNode fields when value.isEmpty() -> {
                if (fields.remove(last) == null) {
                    throw new AssertionError("there is no " + pointer + " to be removed");
                }
            }
            case ObjectNode fields -> fields.set(last, yaml());
            case ArrayNode list when last.equals("-") -> list.add(yaml());
            case ArrayNode list when value.isEmpty() -> list.remove(Integer.parseInt(last));
            case ArrayNode list -> list.set(Integer.parseInt(last), yaml());
            default -> throw new AssertionError("there is no " + path.head());
        }
    }

    private JsonNode yaml() {
        try {
            return YAML.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return kind + " " + pointer + (value.isEmpty() ? " removed" : " = " + value);
    }
}
