package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that the UI works with screen readers, with the keyboard alone, and on phones. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class AccessibilityIT {

    private static final String USER = "u-" + UUID.randomUUID();
    private static final String SESSION = "access-" + UUID.randomUUID();
    private static final String LIST = "/ui/?userId=" + USER;
    private static final String CONVERSATION = "/ui/session.html?id=" + SESSION;
    private static final String OVERVIEW = "/ui/overview.html";

    private static UiScenario scenario;
    private static boolean published;

    @BeforeAll
    static void begin() {
        scenario = new UiScenario();
    }

    /** Not in BeforeAll, since the port of Parley is not known there. */
    @BeforeEach
    void publish() {
        if (published) {
            return;
        }
        published = true;
        scenario.publish(
                SESSION,
                List.of(
                        turn(
                                0,
                                "user",
                                "w".repeat(400),
                                ",\"attributes\":{\"long\":\"" + "w".repeat(300) + "\"}"),
                        turn(
                                1,
                                "assistant",
                                "| a | b |\\n|---|---|\\n| 1 | " + "x".repeat(200) + " |",
                                ",\"latencyMs\":930"),
                        turn(
                                2,
                                "assistant",
                                "[A link](https://example.com/), `code`",
                                ",\"error\":\"timeout\"")));
    }

    /** Turns as the API returns them, with all kinds of parts and with all roles. */
    private static final List<String> PARTS =
            List.of(
                    apiTurn(
                            3,
                            "assistant",
                            """
                            [{"type":"reasoning","text":"wwww"},{"type":"refusal","refusal":"No"},{"type":"redacted_thinking"},
                             {"type":"tool_use","name":"wwww","input":{"wwww":"wwww"}},{"type":"tool_use","name":"wwww"},
                             {"type":"tool_result","name":"wwww","content":"wwww"},{"type":"wwww"},
                             {"type":"image_url","image_url":"https://example.com/wwww.png"},
                             {"type":"file","filename":"wwww"},
                             {"type":"buttons","buttons":[{"title":"wwww","payload":"wwww"},{"title":"B","payload":"/b"}]}]"""),
                    apiTurn(4, "agent", "\"Good day, wwww\",\"metadata\":{\"name\":\"wwww\"}"),
                    apiTurn(5, "other", "\"x\",\"metadata\":{\"role\":\"wwww\"}"),
                    apiTurn(6, "assistant", "\"\""),
                    apiTurn(7, "assistant", "\"*Raw* wwww\""),
                    apiTurn(8, "system", "\"{\\\"wwww\\\":1}\""));

    private static String apiTurn(int number, String role, String content) {
        return """
        {"turnId":"t-%d","occurredAt":"2026-11-22T10:00:0%dZ","role":"%s","content":%s}"""
                .formatted(number, number, role, content.replace("wwww", "w".repeat(200)));
    }

    /** Opens a session with all parts unfolded, or with all raw texts. */
    private static UiWindow openParts(Viewport viewport, boolean raw) {
        UiWindow window = scenario.openSession(viewport, SESSION, PARTS);
        window.page()
                .locator(raw ? ".turn button.raw" : ".turn summary")
                .all()
                .forEach(Locator::click);
        return window;
    }

    @AfterAll
    static void end() {
        scenario.close();
    }

    @ParameterizedTest
    @EnumSource
    void pages_haveNoViolationsThatAxeFinds(Viewport viewport) {
        try (UiWindow list = scenario.open(viewport, LIST);
                UiWindow conversation = scenario.openSession(viewport, SESSION);
                UiWindow parts = openParts(viewport, false);
                UiWindow raw = openParts(viewport, true);
                UiWindow nothing = scenario.open(viewport, "/ui/session.html?id=none");
                UiWindow overview = scenario.open(viewport, OVERVIEW)) {
            list.page().waitForSelector("#sessions li");
            nothing.page().waitForSelector(".notice.empty");
            showFixedStatistics(overview);
            conversation.page().locator(".turn summary").first().click();

            assertThat(violations(list)).isEmpty();
            assertThat(violations(conversation)).isEmpty();
            assertThat(violations(parts)).isEmpty();
            assertThat(violations(raw)).isEmpty();
            assertThat(violations(nothing)).isEmpty();
            assertThat(violations(overview)).isEmpty();
        }
    }

    /** Shows fixed statistics, since Parley caches the ones of other tests for a while. */
    private static void showFixedStatistics(UiWindow overview) {
        overview.page()
                .route(
                        "**/stats?*",
                        route -> route.fulfill(new Route.FulfillOptions().setBody(STATS)));
        overview.page().reload();
        overview.page().waitForSelector("figure canvas");
    }

    private static final String STATS =
            """
            {"items":[{"start":"2026-11-22T10:00:00Z","channel":"%s","sessions":1,"turnCount":3,
             "turnsByRole":{"user":1,"assistant":2},"usage":{"inputTokens":812,"outputTokens":64},
             "latency":{"count":1,"sumMs":930,"maxMs":930,"p50Ms":930,"p95Ms":930,"buckets":[]},"errorCount":1}]}"""
                    .formatted("w".repeat(300));

    private static List<String> violations(UiWindow window) {
        return new AxeBuilder(window.page())
                .analyze().getViolations().stream().map(AccessibilityIT::describe).toList();
    }

    private static String describe(Rule rule) {
        return "%s %s: %s".formatted(rule.getImpact(), rule.getId(), rule.getNodes());
    }

    /** No part of a page may be wider than the window. */
    @ParameterizedTest
    @EnumSource
    void pages_fitTheWidthOfTheWindow(Viewport viewport) {
        try (UiWindow list = scenario.open(viewport, LIST);
                UiWindow conversation = scenario.openSession(viewport, SESSION);
                UiWindow parts = openParts(viewport, false);
                UiWindow raw = openParts(viewport, true);
                UiWindow overview = scenario.open(viewport, OVERVIEW)) {
            list.page().waitForSelector("#sessions li");
            showFixedStatistics(overview);

            for (UiWindow window : List.of(list, conversation, parts, raw, overview)) {
                assertThat(
                                window.page()
                                        .evaluate(
                                                "document.documentElement.scrollWidth - innerWidth"))
                        .as(window.page().url())
                        .isEqualTo(0);
            }
            for (UiWindow window : List.of(conversation, parts, raw)) {
                assertThat(
                                window.page()
                                        .evaluate(
                                                "(t => t.scrollWidth - t.clientWidth)(document.getElementById('transcript'))"))
                        .isEqualTo(0);
            }
        }
    }

    @Test
    void keyboardAlone_opensAndSearchesASession() {
        try (UiWindow window = scenario.open(LIST)) {
            Page page = window.page();
            page.waitForSelector("#sessions li");

            page.keyboard().press("Tab");
            assertThat(page.locator(".skip")).isFocused();
            page.keyboard().press("Enter");
            assertThat(page.locator("main")).isFocused();
            tabTo(page, "#sessions .session");
            page.keyboard().press("Enter");
            page.waitForURL("**" + CONVERSATION);
            page.waitForSelector("#live.on");
            tabTo(page, "#find input");
            page.keyboard().type("a link");
            page.keyboard().press("Enter");
            assertThat(page.locator("#find output")).containsText("1 of 1");
            assertThat(page.locator("[data-turn='t-2']")).isFocused();
            tabTo(page, "#download");
        }
    }

    @Test
    void rawText_canBeSwitchedByKeyboard() {
        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, SESSION)) {
            Page page = window.page();
            tabTo(page, "[data-turn='t-2'] .raw");

            page.keyboard().press("Space");

            assertThat(page.locator("[data-turn='t-2'] .raw")).isFocused();
            assertThat(page.locator("[data-turn='t-2'] .raw")).hasAttribute("aria-pressed", "true");
            assertThat(page.locator("[data-turn='t-2'] .content"))
                    .hasText("[A link](https://example.com/), `code`");
        }
    }

    /** Each focused element must have a visible outline. */
    private static void tabTo(Page page, String selector) {
        for (int i = 0; i < 50; i++) {
            page.keyboard().press("Tab");
            assertThat(page.evaluate(ELEMENT_WITHOUT_OUTLINE)).isEqualTo("");
            if (page.locator(selector + ":focus").count() > 0) {
                return;
            }
        }
        throw new AssertionError("the Tab key does not reach " + selector);
    }

    /** Returns the focused element if it has no outline. */
    private static final String ELEMENT_WITHOUT_OUTLINE =
            """
            () => [null, '::after'].some((part) =>
              getComputedStyle(document.activeElement, part).outlineStyle !== 'none')
                ? '' : document.activeElement.outerHTML
            """;

    private static String turn(int number, String role, String content, String more) {
        return UiScenario.turn(
                "t-" + number,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(number - 60),
                role,
                content.replace("\\n", "\n"),
                more + (number == 0 ? ",\"userId\":\"" + USER + "\",\"channel\":\"web\"" : ""));
    }
}
