package dev.parley.dynamodb.layout;

import static dev.parley.session.EventBuilder.START;
import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.json.Turns;
import dev.parley.session.Json;
import dev.parley.session.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests that the parts of a turn together are the turn, and that each can be read alone. */
class TextPartTest {

    private static final String ID = "s-1";
    private static final int FIRST = 7;
    private static final long VERSION = 42;

    @ParameterizedTest
    @EnumSource
    void parts_ofAnyText_areTheTurn(TurnBlock.Encoding encoding) {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Turn turn = event(ID).turn("t-1", randomText(random)).turn();
            BlockSize size = new BlockSize(1_280, 2_900, encoding, 0, 4 + random.nextInt(50));

            List<TextPart> parts = TextPart.of(turn, FIRST, size, START.plusSeconds(60));

            Turn.Parts stored = new Turn.Parts(FIRST, parts.size(), VERSION);
            assertThat(TextPart.text(ID, stored, items(parts, VERSION)))
                    .as("seed %d", seed)
                    .hasValueSatisfying(
                            text -> assertThat(Turns.read(new Json(text))).isEqualTo(turn));
            assertThat(parts)
                    .allSatisfy(
                            part -> {
                                Turn.Parts one = new Turn.Parts(part.number(), 1, VERSION);
                                assertThat(TextPart.text(ID, one, items(List.of(part), VERSION)))
                                        .hasValueSatisfying(
                                                text -> assertThat(text).doesNotContain("\uFFFD"));
                            });
        }
    }

    /** A part may be missing, or be one of another version, which a crashed writer has left. */
    @ParameterizedTest
    @EnumSource
    void text_withAPartThatIsMissingOrOfAnotherVersion_isEmpty(TurnBlock.Encoding encoding) {
        Turn turn = event(ID).turn("t-1", "some text in several parts").turn();
        BlockSize size = new BlockSize(1_280, 2_900, encoding, 0, 20);
        List<TextPart> parts = TextPart.of(turn, FIRST, size, START);
        Turn.Parts stored = new Turn.Parts(FIRST, parts.size(), VERSION);

        assertThat(parts).hasSizeGreaterThan(3);
        for (TextPart part : parts) {
            List<TextPart> others = new ArrayList<>(parts);
            others.remove(part);
            Map<String, Map<String, AttributeValue>> items = items(others, VERSION);
            assertThat(TextPart.text(ID, stored, items)).isEmpty();
            items.putAll(items(List.of(part), VERSION - 1));
            assertThat(TextPart.text(ID, stored, items)).isEmpty();
        }
    }

    private static Map<String, Map<String, AttributeValue>> items(
            List<TextPart> parts, long version) {
        Map<String, Map<String, AttributeValue>> items = new HashMap<>();
        for (TextPart part : parts) {
            items.put(TextPart.key(ID, part.number()), part.change(ID, version).attributes());
        }
        return items;
    }

    /** Returns characters that take one to four bytes. */
    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(300); i > 0; i--) {
            text.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> 'a' + random.nextInt(26);
                        case 1 -> 0xe0 + random.nextInt(20);
                        case 2 -> 0x4e00 + random.nextInt(1_000);
                        default -> 0x1f600 + random.nextInt(50);
                    });
        }
        return text.toString();
    }
}
