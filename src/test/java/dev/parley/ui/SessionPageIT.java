package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.parley.local.LocalParley;
import dev.parley.session.Prose;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the page of a session in the UI: its turns, its facts and its live updates. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class SessionPageIT {

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /** More turns than a new stream of events begins with. */
    private static final int MISSED_TURNS = 120;

    private static UiScenario scenario;

    private final Prose prose = new Prose(1);

    private final String session = "page-" + UUID.randomUUID();

    @BeforeAll
    static void begin() {
        scenario = new UiScenario();
    }

    @AfterAll
    static void end() {
        scenario.close();
    }

    @Test
    void session_isShownWithItsTurnsInOrder_andItsFacts() {
        scenario.publish(
                session,
                List.of(
                        turn(
                                0,
                                "user",
                                "2*3*4?",
                                ",\"userId\":\"u-1\",\"attributes\":{\"a\":\"b\"}"),
                        toolTurn(1),
                        turn(2, "assistant", "It is **24**.", MODEL_FIELDS)));

        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, session)) {
            Page page = window.page();
            assertThat(page.locator(".turn h3"))
                    .hasText(new String[] {"User", "Tool", "Assistant"});
            // The text of a user is no Markdown, so asterisks are no emphasis.
            assertThat(page.locator(".turn.user .content")).hasText("2*3*4?");
            assertThat(page.locator(".turn.assistant strong")).hasText("24");
            assertThat(page.locator(".turn.assistant header")).containsText("812 → 64 tokens");
            assertThat(page.locator("#facts")).containsText("u-1");
            assertThat(page.locator("#facts")).containsText("930 ms");
            Locator tool = page.locator(".turn.tool details");
            assertThat(tool.locator("pre")).isHidden();
            tool.locator("summary").click();
            assertThat(tool.locator("pre")).containsText("\"status\": \"packed\"");
            assertThat(tool.locator("pre")).containsText("\"order\": 12345678901234567890");
            assertThat(window.problems()).isEmpty();
        }
    }

    private static final String MODEL_FIELDS =
            ",\"model\":\"m-1\",\"usage\":{\"inputTokens\":812,\"outputTokens\":64},\"latencyMs\":930";

    private String toolTurn(int number) {
        return """
        {"turnId":"t-%d","occurredAt":"%s","role":"tool","content":[{"type":"tool_result","name":"orders.find","output":{"status":"packed","order":12345678901234567890}}]}"""
                .formatted(number, start.plusSeconds(number));
    }

    @Test
    void turn_thatIsPublished_appearsWithoutReload() {
        scenario.publish(session, List.of(turn(0, "user", "Hello", "")));

        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, session)) {
            scenario.publishEvent(session, turn(1, "assistant", "Good day", ""));

            assertThat(window.page().locator(".turn")).hasCount(2);
            assertThat(window.page().locator(".turn").last()).containsText("Good day");
            assertThat(window.page().locator("#news")).hasText("New turn, assistant: Good day");
            assertThat(window.page().locator("#facts")).containsText("1 user, 1 assistant");
        }
    }

    @Test
    void turn_thatIsRevised_isReplacedAndMarked() {
        scenario.publish(
                session,
                List.of(turn(0, "assistant", "It ships", ""), turn(1, "user", "When?", "")));

        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, session)) {
            scenario.publishEvent(
                    session, turn(0, "assistant", "It ships today", ",\"revision\":1"));

            Locator first = window.page().locator(".turn").first();
            assertThat(first.locator(".mark")).hasText("Revised");
            assertThat(first.locator(".content")).hasText("It ships today");
            assertThat(window.page().locator(".turn")).hasCount(2);
        }
    }

    @Test
    void turns_thatAreErased_disappear_andThenTheSession() {
        scenario.publish(
                session, List.of(turn(0, "user", "Forget me", ""), turn(9, "user", "I stay", "")));

        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, session)) {
            scenario.publishEvent(
                    session,
                    "{\"type\":\"session.deleted\",\"occurredAt\":\"%s\"}"
                            .formatted(start.plusSeconds(5)));
            assertThat(window.page().locator(".turn .content")).hasText(new String[] {"I stay"});

            scenario.publishEvent(
                    session,
                    "{\"type\":\"session.deleted\",\"occurredAt\":\"%s\"}"
                            .formatted(start.plusSeconds(10)));

            assertThat(window.page().locator("#state")).containsText("This session was deleted");
            assertThat(window.page().locator(".turn").first()).isHidden();
            assertThat(window.page().locator("#live")).hasText("Gone");
        }
    }

    @Test
    void connection_thatIsLost_isShown_andMissedTurnsAreLoadedLater() {
        scenario.publish(session, List.of(turn(0, "user", "Hello", "")));

        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, session)) {
            Page page = window.page();
            window.setOffline(true);
            assertThat(page.locator("#live")).hasText("Connection lost, trying again");
            for (int i = 1; i <= MISSED_TURNS; i++) {
                scenario.publishEvent(session, turn(i, "assistant", prose.text(300), ""));
            }
            scenario.awaitTurns(session, 1 + MISSED_TURNS);
            assertThat(page.locator(".turn")).hasCount(1);

            window.setOffline(false);

            assertThat(page.locator("#live")).hasText("Live");
            assertThat(page.locator("#size")).containsText("%d turns".formatted(1 + MISSED_TURNS));
        }
    }

    @Test
    void turn_thatIsLong_isFolded_andCanBeUnfolded() {
        String words = "word ".repeat(1_000);
        scenario.publish(session, List.of(turn(0, "assistant", words + "the end", "")));

        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, session)) {
            Locator content = window.page().locator(".turn .content");
            assertThat(content).not().containsText("the end");

            window.page().getByText("Show all 5,007 characters").click();

            assertThat(content).containsText("the end");
        }
    }

    @Test
    void text_fromRightToLeft_hasThatDirection() {
        scenario.publish(
                session,
                List.of(
                        turn(0, "user", "مرحبا، ما هي ساعات العمل؟", ""),
                        turn(1, "assistant", "**أهلاً** بك! 🙌🏽", ""),
                        turn(2, "user", "Hello", "")));

        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, session)) {
            assertThat(
                            window.page()
                                    .locator(".turn .content > *")
                                    .evaluateAll(
                                            "all => all.map(e => getComputedStyle(e.querySelector('p') ?? e).direction)"))
                    .isEqualTo(List.of("rtl", "rtl", "ltr"));
            assertThat(window.page().locator(".turn.assistant")).containsText("🙌🏽");
        }
    }

    @Test
    void session_thatDoesNotExist_showsAMessage() {
        try (UiWindow window = scenario.open("/ui/session.html?id=" + session)) {
            assertThat(window.page().locator("#state")).containsText("There is no such session");
        }
    }

    private String turn(int number, String role, String content, String more) {
        return UiScenario.turn("t-" + number, start.plusSeconds(number), role, content, more);
    }
}
