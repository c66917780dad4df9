package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.Role;
import java.util.Base64;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Creates the output of {@code aws dynamodb get-item} for a stored item. */
public final class CliItemOutput {

    /** The turns that a reader must find in {@link #getItemOutput}, one a line. */
    @SuppressWarnings("StringConcatToTextBlock") // a text block would end a line at U+2028
    public static final String LINES =
            "2026-11-22T10:00:00Z user ¿Puedo cambiar la dirección?\n"
                    + "2026-11-22T10:00:03Z assistant Claro\u2028🙌\n";

    private CliItemOutput() {}

    /** Returns an item with two turns that Parley has written to DynamoDB Local. */
    public static String getItemOutput() {
        try (LocalTable table = LocalTable.create()) {
            table.apply(
                    "s-1",
                    event("s-1").turn("t-1", "¿Puedo cambiar la dirección?"),
                    event("s-1").at(3).role(Role.ASSISTANT).turn("t-2", "Claro\u2028🙌"));
            return toCliOutput(table.item("s-1"));
        }
    }

    /** Contains only the scalar attributes, because a reader of turns needs no others. */
    private static String toCliOutput(Map<String, AttributeValue> item) {
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
