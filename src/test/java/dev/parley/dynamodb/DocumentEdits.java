package dev.parley.dynamodb;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Creates single edits of a JSON document. */
public final class DocumentEdits {

    /**
     * One change to a document.
     *
     * @param at the place of the edit
     * @param value the new value; empty if the value is removed
     */
    public record Edit(JsonPointer at, Optional<JsonNode> value) {

        public ObjectNode of(ObjectNode document) {
            ObjectNode edited = document.deepCopy();
            JsonNode parent = edited.requiredAt(at.head());
            if (parent instanceof ArrayNode list) {
                int index = at.last().getMatchingIndex();
                value.ifPresentOrElse(v -> setOrAdd(list, index, v), () -> list.remove(index));
            } else {
                ObjectNode object = (ObjectNode) parent;
                String name = at.last().getMatchingProperty();
                value.ifPresentOrElse(v -> object.set(name, v), () -> object.remove(name));
            }
            return edited;
        }

        private static void setOrAdd(ArrayNode list, int index, JsonNode value) {
            if (index == list.size()) {
                list.add(value);
            } else {
                list.set(index, value);
            }
        }

        @Override
        public String toString() {
            return at + value.map(v -> " = " + v).orElse(" removed");
        }
    }

    private final List<Edit> edits = new ArrayList<>();

    private DocumentEdits() {}

    /**
     * Creates edits of a document. They change each value, remove each value, add an unknown
     * property to each object, and repeat the last element of each list.
     */
    public static List<Edit> all(ObjectNode document) {
        DocumentEdits all = new DocumentEdits();
        all.addWithin(JsonPointer.empty(), document);
        return all.edits;
    }

    private void add(JsonPointer at, JsonNode value) {
        edits.add(new Edit(at, Optional.empty()));
        if (value.isContainerNode()) {
            addWithin(at, value);
        } else {
            edits.add(new Edit(at, Optional.of(changed(value))));
        }
    }

    private void addWithin(JsonPointer at, JsonNode container) {
        if (container.isObject()) {
            container.properties().forEach(p -> add(at.appendProperty(p.getKey()), p.getValue()));
            edits.add(new Edit(at.appendProperty("unknown"), Optional.of(BooleanNode.TRUE)));
        } else {
            for (int i = 0; i < container.size(); i++) {
                add(at.appendIndex(i), container.get(i));
            }
            JsonNode last = Objects.requireNonNull(container.get(container.size() - 1));
            edits.add(new Edit(at.appendIndex(container.size()), Optional.of(last)));
        }
    }

    private static JsonNode changed(JsonNode value) {
        return value.isBoolean()
                ? BooleanNode.valueOf(!value.booleanValue())
                : TextNode.valueOf(value.asText() + "x");
    }
}
