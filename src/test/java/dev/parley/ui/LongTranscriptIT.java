package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.parley.local.LocalParley;
import dev.parley.session.Prose;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the transcript of a session that is too long for one document. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class LongTranscriptIT {

    private static final Logger LOG = Logger.getLogger(LongTranscriptIT.class);
    private static final int TURNS = Integer.getInteger("parley.page.turns", 2_000);

    /** The turns near the visible part, and a part that was just drawn. */
    private static final int MAX_TURNS_IN_DOCUMENT = 250;

    private static final String SESSION = "long-" + UUID.randomUUID();

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
        Instant start = Instant.now().minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
        Prose prose = new Prose(TURNS);
        scenario.publish(
                SESSION,
                IntStream.range(0, TURNS)
                        .mapToObj(
                                i ->
                                        UiScenario.turn(
                                                "t-" + i,
                                                start.plusSeconds(i),
                                                i % 2 == 0 ? "user" : "assistant",
                                                "Number %d. %s"
                                                        .formatted(
                                                                i, prose.text(40 + i * 37 % 500))))
                        .toList());
    }

    @AfterAll
    static void end() {
        scenario.close();
    }

    @Test
    void transcript_scrolledToItsBeginning_isCompleteButNeverAllInTheDocument() {
        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, SESSION)) {
            Page page = window.page();
            assertThat(page.locator(turn(TURNS - 1))).isInViewport();

            Locator size = page.locator("#size");
            while (page.locator("#older").isVisible()) {
                String before = size.innerText();
                page.evaluate("document.getElementById('transcript').scrollTop = 0");
                assertThat(size).not().hasText(before);
                assertThat(window.count(".turn")).isLessThan(MAX_TURNS_IN_DOCUMENT);
            }
            page.evaluate("document.getElementById('transcript').scrollTop = 0");

            assertThat(page.locator(turn(0))).isInViewport();
            assertThat(window.count(".turn")).isLessThan(MAX_TURNS_IN_DOCUMENT);
            assertThat(size).hasText("%,d turns, all of them loaded".formatted(TURNS));
            LOG.infof(
                    "The longest frame while scrolling through %,d turns took %s ms",
                    TURNS, page.evaluate(LONGEST_FRAME));
        }
    }

    /** Scrolls by half a window in each frame, and returns the longest time between two frames. */
    private static final String LONGEST_FRAME =
            """
            async () => {
              const transcript = document.getElementById('transcript');
              let longest = 0;
              for (let i = 0, last = performance.now(); i < 200; i++) {
                transcript.scrollTop += transcript.clientHeight / 2;
                const now = await new Promise(requestAnimationFrame);
                longest = Math.max(longest, now - last);
                last = now;
              }
              return Math.round(longest);
            }
            """;

    /** Scrolls to a turn, and returns whether it is still at the same place ten frames later. */
    private static final String SCROLL_TO_TURN =
            """
            async (selector) => {
              document.querySelector(selector).scrollIntoView();
              const top = () => document.querySelector(selector).getBoundingClientRect().top;
              const before = top();
              for (let i = 0; i < 10; i++) {
                await new Promise(requestAnimationFrame);
              }
              return before >= 0 && before < innerHeight && top() === before;
            }
            """;

    /** The visible turns must not move when turns above them are loaded or drawn. */
    @Test
    void scrollPosition_whenOlderTurnsAreLoaded_isKept() {
        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, SESSION)) {
            Page page = window.page();
            // While the page is still loading, it scrolls to the end. Therefore this is retried.
            await().atMost(TIMEOUT)
                    .pollInSameThread()
                    .until(() -> (boolean) page.evaluate(SCROLL_TO_TURN, turn(TURNS - 40)));
            double before = page.locator(turn(TURNS - 40)).boundingBox().y;

            page.evaluate("document.getElementById('older').click()");
            assertThat(page.locator("#size")).containsText("560 turns");

            assertThat(page.locator(turn(TURNS - 40)).boundingBox().y)
                    .isCloseTo(before, within(2.0));
        }
    }

    @Test
    void text_inATurnThatIsNotLoaded_isFound() {
        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, SESSION)) {
            Page page = window.page();
            page.getByPlaceholder("Find in the transcript").fill("number");
            page.getByText("Find", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(page.locator("#find output")).containsText("newest first");

            page.getByPlaceholder("Find in the transcript").fill("number 1234.");
            page.getByText("Find", new Page.GetByTextOptions().setExact(true)).click();

            assertThat(page.locator("#find output")).hasText("1 of 1, newest first");
            assertThat(page.locator(turn(1_234))).isInViewport();
        }
    }

    @Test
    void download_containsEveryTurn() throws Exception {
        try (UiWindow window = scenario.openSession(Viewport.DESKTOP, SESSION)) {
            Download download =
                    window.page().waitForDownload(() -> window.page().locator("#download").click());

            assertThat(download.suggestedFilename()).isEqualTo(SESSION + ".ndjson");
            List<String> lines = Files.readAllLines(download.path());
            assertThat(lines).hasSize(TURNS);
            assertThat(lines.getLast()).contains("\"turnId\":\"t-%d\"".formatted(TURNS - 1));
            assertThat(window.problems()).isEmpty();
        }
    }

    private static String turn(int number) {
        return "[data-turn='t-%d']".formatted(number);
    }
}
