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

/** The page for those who don't see it, have no mouse, or hold it in their hand. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class AccessibilityTest {

    private static final String USER = "u-" + UUID.randomUUID();
    private static final String SESSION = "access-" + UUID.randomUUID();
    private static final String LIST = "/ui/?userId=" + USER;
    private static final String CONVERSATION = "/ui/session.html?id=" + SESSION;
    private static final String OVERVIEW = "/ui/overview.html";

    private static UiScenario visit;
    private static boolean published;

    @BeforeAll
    static void begin() {
        visit = new UiScenario();
    }

    /** Once: before all tests, it isn't known yet where Parley is. */
    @BeforeEach
    void publish() {
        if (published) {
            return;
        }
        published = true;
        visit.publish(
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

    /** Parts of all kinds, and roles of people and others, as the API gives them. */
    private static final List<String> PARTS =
            List.of(
                    given(
                            3,
                            "assistant",
                            """
                            [{"type":"reasoning","text":"wwww"},{"type":"refusal","refusal":"No"},{"type":"redacted_thinking"},
                             {"type":"tool_use","name":"wwww","input":{"wwww":"wwww"}},{"type":"tool_use","name":"wwww"},
                             {"type":"tool_result","name":"wwww","content":"wwww"},{"type":"wwww"},
                             {"type":"image_url","image_url":"https://example.com/wwww.png"},
                             {"type":"file","filename":"wwww"},
                             {"type":"buttons","buttons":[{"title":"wwww","payload":"wwww"},{"title":"B","payload":"/b"}]}]"""),
                    given(4, "agent", "\"Good day, wwww\",\"metadata\":{\"name\":\"wwww\"}"),
                    given(5, "other", "\"x\",\"metadata\":{\"role\":\"wwww\"}"),
                    given(6, "assistant", "\"\""),
                    given(7, "assistant", "\"*Raw* wwww\""),
                    given(8, "system", "\"{\\\"wwww\\\":1}\""));

    private static String given(int number, String role, String content) {
        return """
        {"turnId":"t-%d","occurredAt":"2026-11-22T10:00:0%dZ","role":"%s","content":%s}"""
                .formatted(number, number, role, content.replace("wwww", "w".repeat(200)));
    }

    /** All that is folded unfolded, and all raw texts where they are asked for. */
    private static UiWindow openParts(Viewport look, boolean raw) {
        UiWindow window = visit.openSession(look, SESSION, PARTS);
        window.page()
                .locator(raw ? ".turn button.raw" : ".turn summary")
                .all()
                .forEach(Locator::click);
        return window;
    }

    @AfterAll
    static void end() {
        visit.close();
    }

    @ParameterizedTest
    @EnumSource
    void pages_haveNothingThatAxeObjectsTo(Viewport look) {
        try (UiWindow list = visit.open(look, LIST);
                UiWindow conversation = visit.openSession(look, SESSION);
                UiWindow parts = openParts(look, false);
                UiWindow raw = openParts(look, true);
                UiWindow nothing = visit.open(look, "/ui/session.html?id=none");
                UiWindow overview = visit.open(look, OVERVIEW)) {
            list.page().waitForSelector("#sessions li");
            nothing.page().waitForSelector(".notice.empty");
            drawn(overview);
            conversation.page().locator(".turn summary").first().click();

            assertThat(objections(list)).isEmpty();
            assertThat(objections(conversation)).isEmpty();
            assertThat(objections(parts)).isEmpty();
            assertThat(objections(raw)).isEmpty();
            assertThat(objections(nothing)).isEmpty();
            assertThat(objections(overview)).isEmpty();
        }
    }

    /** With figures of its own: what Parley has counted before, it remembers for a while. */
    private static void drawn(UiWindow overview) {
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

    private static List<String> objections(UiWindow window) {
        return new AxeBuilder(window.page())
                .analyze().getViolations().stream().map(AccessibilityTest::text).toList();
    }

    private static String text(Rule rule) {
        return "%s %s: %s".formatted(rule.getImpact(), rule.getId(), rule.getNodes());
    }

    /** No part of a page may be wider than the phone that shows it. */
    @ParameterizedTest
    @EnumSource
    void pages_areAsWideAsTheirWindow(Viewport look) {
        try (UiWindow list = visit.open(look, LIST);
                UiWindow conversation = visit.openSession(look, SESSION);
                UiWindow parts = openParts(look, false);
                UiWindow raw = openParts(look, true);
                UiWindow overview = visit.open(look, OVERVIEW)) {
            list.page().waitForSelector("#sessions li");
            drawn(overview);

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
    void keyboard_aloneLeadsToASessionAndThroughIt() {
        try (UiWindow window = visit.open(LIST)) {
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
    void rawText_isSwitchedByKeyboard() {
        try (UiWindow window = visit.openSession(Viewport.DESK, SESSION)) {
            Page page = window.page();
            tabTo(page, "[data-turn='t-2'] .raw");

            page.keyboard().press("Space");

            assertThat(page.locator("[data-turn='t-2'] .raw")).isFocused();
            assertThat(page.locator("[data-turn='t-2'] .raw")).hasAttribute("aria-pressed", "true");
            assertThat(page.locator("[data-turn='t-2'] .content"))
                    .hasText("[A link](https://example.com/), `code`");
        }
    }

    /** What has the focus must be seen to have it. */
    private static void tabTo(Page page, String selector) {
        for (int i = 0; i < 50; i++) {
            page.keyboard().press("Tab");
            assertThat(page.evaluate(UNMARKED)).isEqualTo("");
            if (page.locator(selector + ":focus").count() > 0) {
                return;
            }
        }
        throw new AssertionError("Tab doesn't lead to " + selector);
    }

    /** The focused element if nothing is drawn around it. */
    private static final String UNMARKED =
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
