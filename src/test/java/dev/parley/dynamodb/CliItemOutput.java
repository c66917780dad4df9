package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.dynamodb.layout.Format;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.session.Prose;
import dev.parley.session.Role;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The output of {@code aws dynamodb get-item} for a stored item, and what a reader must print for
 * it.
 *
 * @param printed the turns, attributes and counters, each on a line
 */
public record CliItemOutput(String name, String output, String printed) {

    @SuppressWarnings("StringConcatToTextBlock") // a text block would end a line at U+2028
    private static final String TURNS =
            "2026-11-22T10:00:00Z user ¿Puedo cambiar la dirección?\n"
                    + "2026-11-22T10:00:03Z assistant Claro\u2028🙌\n";

    private static final String CITY = "attributes city \"M\\u00e1laga\"\n";

    private static final String COUNTERS =
            """
            user 1
            assistant 1
            inputTokens 812
            outputTokens 64
            latencySumMs 930
            latencyMaxMs 930
            latencies in bucket 7 1
            """;

    /** Returns a head of each format, a page, an item with two pages, and a profile. */
    public static Stream<CliItemOutput> ofAllKinds() {
        try (LocalTable table = LocalTable.create()) {
            table.createTable();
            for (Format format : Format.values()) {
                String id = format.name();
                table.writer(format)
                        .apply(
                                id,
                                List.of(
                                        event(id)
                                                .attribute("city", "Málaga")
                                                .turn("t-1", "¿Puedo cambiar la dirección?"),
                                        event(id)
                                                .at(3)
                                                .role(Role.ASSISTANT)
                                                .usage(812, 64)
                                                .latencyMs(930)
                                                .turn("t-2", "Claro\u2028🙌")))
                        .await()
                        .atMost(TIMEOUT);
            }
            Prose prose = new Prose(1);
            for (int i = 0; i < 9; i++) {
                table.apply(prose.turn("s-1", i));
            }
            Map<String, AttributeValue> page = table.item("s-1#p0");
            String large = "-".repeat(2_000);
            table.apply(event("s-1").at(99).attribute("city", large).updated());
            String text = "x".repeat(100_000);
            table.apply(event("s-2").at(1).usage(8, 9).turn("t-1", text));
            Map<String, AttributeValue> pair =
                    FirstFormatSessions.items().stream()
                            .filter(item -> item.containsKey(SessionTable.MORE_TURNS))
                            .findFirst()
                            .orElseThrow();
            return Stream.of(
                    new CliItemOutput(
                            "head of the first format",
                            toCliOutput(table.item("FIRST")),
                            TURNS + CITY),
                    new CliItemOutput(
                            "head of the second format",
                            toCliOutput(table.item("SECOND")),
                            TURNS + CITY + COUNTERS),
                    new CliItemOutput("page", toCliOutput(page), printed(page, SessionTable.TURNS)),
                    new CliItemOutput(
                            "two pages",
                            toCliOutput(pair),
                            printed(pair, SessionTable.TURNS)
                                    + printed(pair, SessionTable.MORE_TURNS)),
                    new CliItemOutput(
                            "profile",
                            toCliOutput(table.item(ProfileItem.key("s-1"))),
                            """
                            attributes city "%s"
                            attributes locale "en-GB"
                            attributes topic "orders"
                            userData tier "gold"
                            """
                                    .formatted(large)),
                    new CliItemOutput(
                            "head with a large turn",
                            toCliOutput(table.item("s-2")),
                            """
                            2026-11-22T10:00:01Z user {'first': 0, 'count': 1, 'version': 1}
                            user 1
                            inputTokens 8
                            outputTokens 9
                            """),
                    new CliItemOutput(
                            "part",
                            toCliOutput(table.item("s-2#part0")),
                            """
                            {"turnId":"t-1","occurredAt":"2026-11-22T10:00:01Z","role":"user",\
                            "content":"%s","usage":{"inputTokens":8,"outputTokens":9}}
                            """
                                    .formatted(text)));
        }
    }

    private static String printed(Map<String, AttributeValue> item, String block) {
        return TurnBlock.stored(item.get(block)).turns().stream()
                .map(
                        turn ->
                                "%s %s %s\n"
                                        .formatted(
                                                turn.occurredAt(),
                                                turn.role().wireName(),
                                                turn.content().text().replace("\"", "")))
                .collect(Collectors.joining());
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

    @Override
    public String toString() {
        return name;
    }
}
