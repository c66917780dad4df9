package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The content that a Rasa bot showed: a text, and what its {@code data} contains besides it. If
 * there is such data, the content is an array of parts: {@code {"type":"text","text":"Where to?"}},
 * {@code {"type":"button","text":"Rome","title":"Rome","payload":"/to_rome"}} for each button or
 * quick reply, {@code {"type":"image","image":"https://…"}}, and so on.
 */
final class RasaContent {

    private static final Map<String, String> CHOICES =
            Map.of("buttons", "button", "quick_replies", "quick_reply");

    private static final Set<String> SHOWN =
            Set.of("image", "attachment", "attachments", "elements", "custom");

    private RasaContent() {}

    /** The content, and the rest of the data, which is not part of the content. */
    record Shown(JsonNode content, JsonNode rest) {}

    static Shown of(@Nullable String text, JsonNode data) {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : data.properties()) {
            if (isEmpty(member.getValue()) || !add(member.getKey(), member.getValue(), parts)) {
                rest.set(member.getKey(), member.getValue());
            }
        }
        if (parts.isEmpty()) {
            return new Shown(TextNode.valueOf(text == null ? "" : text), data);
        }
        if (text != null) {
            parts.insert(0, part("text", "text", TextNode.valueOf(text)));
        }
        return new Shown(parts, rest);
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.textValue().isEmpty());
    }

    /**
     * Adds a member of the data to the parts. Returns false if it is not something that was shown.
     */
    private static boolean add(String name, JsonNode value, ArrayNode parts) {
        String choice = CHOICES.get(name);
        if (choice != null && value.isArray()) {
            value.forEach(each -> parts.add(choice(choice, each)));
            return true;
        }
        if (choice != null || SHOWN.contains(name)) {
            parts.add(part(name, name, value));
            return true;
        }
        return false;
    }

    private static ObjectNode choice(String type, JsonNode choice) {
        if (!choice.isObject()) {
            return part(type, "text", choice);
        }
        ObjectNode part = part(type, "text", choice.path("title"));
        if (!choice.path("title").isTextual()) {
            part.remove("text");
        }
        choice.properties().forEach(member -> part.putIfAbsent(member.getKey(), member.getValue()));
        return part;
    }

    private static ObjectNode part(String type, String name, JsonNode value) {
        ObjectNode part = JsonNodeFactory.instance.objectNode().put("type", type);
        return part.set(name, value);
    }
}
