package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.parley.local.LocalParley;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the search finds a text as readers see it, and then shows it. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class FindInPageIT {

    private static final String SESSION = "find-" + UUID.randomUUID();

    /** Each turn makes the search difficult in another way; its id names the way. */
    private static final List<String> TURNS =
            List.of(
                    turn(
                            "parts",
                            "[{\"type\":\"text\",\"text\":\"She said \\\"yes\\\" to it\\nand left\"},\"and so on\"]"),
                    turn("markdown", "\"It is **24** &amp; `more`,\\n[here](https://x.example/)\""),
                    turn("reasoning", "\"<think>He wants \\\"pizza\\\"</think>Ordered\""),
                    turn(
                            "result",
                            "[{\"type\":\"tool_result\",\"name\":\"orders\",\"output\":{\"note\":\"Ring \\\"Bell\\\"\\ntwice\"}}]"),
                    turn("long", "\"" + "word ".repeat(1_000) + "**at** last\""),
                    turn("path", "\"See C:\\\\new\\\\*dir*\""),
                    turn("accents", "\"Cafe\\u0301 au lait, so\\u00adft\\u00a0hyphen\""),
                    turn("metadata", "\"Done\",\"metadata\":{\"intent\":\"ask_shipping\"}"));

    private static UiScenario scenario;
    private static boolean published;

    @BeforeAll
    static void begin() {
        scenario = new UiScenario();
    }

    /** Not in BeforeAll, since the port of Parley is not known there. */
    @BeforeEach
    void publish() {
        if (!published) {
            scenario.publish(SESSION, TURNS);
            published = true;
        }
    }

    @AfterAll
    static void end() {
        scenario.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "parts|said \"yes\" to it and left",
                "parts|LEFT and  so on",
                "markdown|is 24 & more, here",
                "markdown|**24**",
                "reasoning|wants \"pizza\"",
                "result|ring \"bell\" twice",
                "result|\"note\": \"Ring",
                "long|word at last",
                "path|C:\\new\\*dir*",
                "accents|café au lait, soft hyphen",
                "metadata|ask_shipping"
            })
    void text_asReadersSeeIt_isFoundAndShown(String turn, String query) {
        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, SESSION)) {
            find(window.page(), query);

            assertThat(window.page().locator("#find output")).hasText("1 of 1, newest first");
            Locator found = window.page().locator("[data-turn='%s']".formatted(turn));
            assertThat(found).isFocused();
            assertThat(found)
                    .containsText(
                            switch (turn) {
                                case "result" -> "Ring \\\"Bell\\\"\\ntwice";
                                case "accents" -> "au lait";
                                case "parts" -> "She said \"yes\"";
                                case "markdown" -> query.contains("*") ? "**24**" : "24";
                                default -> query;
                            },
                            new com.microsoft.playwright.assertions.LocatorAssertions
                                            .ContainsTextOptions()
                                    .setUseInnerText(true));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"to it\\nand", "said \\\"yes", "\"text\"", "\"type\":"})
    void text_thatReadersDoNotSee_isNotFound(String query) {
        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, SESSION)) {
            find(window.page(), query);

            assertThat(window.page().locator("#find output")).hasText("Not found");
        }
    }

    private static void find(Page page, String text) {
        page.locator("#find input").fill(text);
        page.locator("#find input").press("Enter");
    }

    private static String turn(String id, String content) {
        return "{\"turnId\":\"%s\",\"occurredAt\":\"%s\",\"role\":\"assistant\",\"content\":%s}"
                .formatted(id, Instant.now().truncatedTo(ChronoUnit.SECONDS), content);
    }
}
