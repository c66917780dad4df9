package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.Role;
import java.util.Base64;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A stored item as {@code aws dynamodb get-item} prints it. */
public final class ItemAsCliPrints {

    /** What is to be read from {@link #getItemOutput}. */
    @SuppressWarnings("StringConcatToTextBlock") // that would take U+2028 for the end of a line
    public static final String LINES =
            "2026-11-22T10:00:00Z user ¿Puedo cambiar la dirección?\n"
                    + "2026-11-22T10:00:03Z assistant Claro\u2028🙌\n";

    private ItemAsCliPrints() {}

    /** Two turns, written by Parley to the real DynamoDB Local. */
    public static String getItemOutput() {
        try (LocalTable table = LocalTable.create()) {
            table.apply(
                    "s-1",
                    event("s-1").turn("t-1", "¿Puedo cambiar la dirección?"),
                    event("s-1").at(3).role(Role.ASSISTANT).turn("t-2", "Claro\u2028🙌"));
            return printed(table.item("s-1"));
        }
    }

    /** Scalars only: what a reader of turns has no use for is left out. */
    private static String printed(Map<String, AttributeValue> item) {
        ObjectNode output = new ObjectMapper().createObjectNode();
        ObjectNode attributes = output.putObject("Item");
        item.forEach(
                (name, value) -> {
                    if (value.s() != null) {
                        attributes.putObject(name).put("S", value.s());
                    } else if (value.n() != null) {
                        attributes.putObject(name).put("N", value.n());
                    } else if (value.b() != null) {
                        attributes
                                .putObject(name)
                                .put(
                                        "B",
                                        Base64.getEncoder()
                                                .encodeToString(value.b().asByteArrayUnsafe()));
                    }
                });
        return output.toString();
    }
}
