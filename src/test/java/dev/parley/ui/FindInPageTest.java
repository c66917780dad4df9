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

/** A text is found by what a reader sees of it, and then it is seen. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class FindInPageTest {

    private static final String SESSION = "find-" + UUID.randomUUID();

    /** By what turn, each with what stands in its way. */
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

    private static UiScenario visit;
    private static boolean published;

    @BeforeAll
    static void begin() {
        visit = new UiScenario();
    }

    /** Once: before all tests, it isn't known yet where Parley is. */
    @BeforeEach
    void publish() {
        if (!published) {
            visit.publish(SESSION, TURNS);
            published = true;
        }
    }

    @AfterAll
    static void end() {
        visit.close();
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
    void text_asAReaderSeesIt_isFoundAndShown(String turn, String sought) {
        try (UiWindow window = visit.openSession(Viewport.DESK, SESSION)) {
            find(window.page(), sought);

            assertThat(window.page().locator("#find output")).hasText("1 of 1, newest first");
            Locator found = window.page().locator("[data-turn='%s']".formatted(turn));
            assertThat(found).isFocused();
            assertThat(found)
                    .containsText(
                            switch (turn) {
                                case "result" -> "Ring \\\"Bell\\\"\\ntwice";
                                case "accents" -> "au lait";
                                case "parts" -> "She said \"yes\"";
                                case "markdown" -> sought.contains("*") ? "**24**" : "24";
                                default -> sought;
                            },
                            new com.microsoft.playwright.assertions.LocatorAssertions
                                            .ContainsTextOptions()
                                    .setUseInnerText(true));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"to it\\nand", "said \\\"yes", "\"text\"", "\"type\":"})
    void text_thatNobodySees_isNotFound(String sought) {
        try (UiWindow window = visit.openSession(Viewport.DESK, SESSION)) {
            find(window.page(), sought);

            assertThat(window.page().locator("#find output")).hasText("Not in here");
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
