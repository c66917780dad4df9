package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.local.LocalParley;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the overview of the UI: its totals, charts and tables. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class OverviewPageIT {

    private static final Instant NINETIES = Instant.parse("1990-01-01T00:00:00Z");

    /** A week that no other test uses, since Parley caches statistics for a while. */
    private final Instant now =
            NINETIES.plus(Duration.ofDays(7L * ThreadLocalRandom.current().nextInt(500)));

    private final Instant hour = now.minus(Duration.ofHours(100));

    private static UiScenario scenario;

    private final String channel = "c-" + UUID.randomUUID();

    @BeforeAll
    static void begin() {
        scenario = new UiScenario();
    }

    @AfterAll
    static void end() {
        scenario.close();
    }

    @Test
    void statistics_ofAChannel_areTotalledAndDrawn() {
        for (int i = 0; i < 3; i++) {
            scenario.publish(channel + i, conversation(i));
        }

        try (UiWindow window = scenario.open("/ui/overview.html")) {
            Page page = window.page();
            page.clock().setFixedTime(Date.from(now));
            page.navigate(UiScenario.url("/ui/overview.html?days=7&channel=" + channel));
            assertThat(page.locator("#totals dd"))
                    .hasText(new String[] {"3", "6", "300", "30", "200 ms", "1 16.7 % of turns"});
            assertThat(page.locator("figure h2"))
                    .hasText(
                            new String[] {
                                "Sessions", "Turns by role", "Tokens", "Latency", "Errors"
                            });
            assertThat(page.locator("figure canvas")).hasCount(5);
            assertThat(page.getByLabel("Latency. median (p50): at most")).isVisible();
            assertThat(page.locator("#by-channel")).containsText(channel);
            page.getByText("All figures as a table").click();
            assertThat(page.locator("#table tbody tr:has(td:text-is('3'))"))
                    .hasText(Pattern.compile("3\\s*6\\s*300\\s*30\\s*\\d+\\s*\\d+\\s*1$"));
            assertThat(isPainted(page)).isEqualTo(true);
            assertThat(window.problems()).isEmpty();
        }
    }

    /** Whether the first canvas contains a pixel in the colour of the first series. */
    private static Object isPainted(Page page) {
        return page.evaluate(
                """
                () => {
                  const canvas = document.querySelector('figure canvas');
                  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                  for (let i = 0; i < data.length; i += 4) {
                    if (data[i] === 0x1f && data[i + 1] === 0x5f && data[i + 2] === 0xbf && data[i + 3] === 0xff) {
                      return true;
                    }
                  }
                  return false;
                }
                """);
    }

    @Test
    void filters_areInTheUrl() {
        try (UiWindow window = scenario.open("/ui/overview.html")) {
            Page page = window.page();
            page.getByLabel("Time").selectOption("3");
            page.locator("[name=interval]").selectOption("day");

            assertThat(page).hasURL(Pattern.compile("overview\\.html\\?days=3&interval=day$"));
            page.reload();
            assertThat(page.getByLabel("Time")).hasValue("3");
        }
    }

    @Test
    void time_withoutSessions_showsAMessage() {
        try (UiWindow window = scenario.open("/ui/overview.html?channel=" + channel)) {
            assertThat(window.page().locator("#state"))
                    .containsText("No session started in this time.");
        }
    }

    private List<String> conversation(int number) {
        Instant at = hour.plusSeconds(60L * number);
        return List.of(
                UiScenario.turn("t-1", at, "user", "Hello", ",\"channel\":\"" + channel + "\""),
                UiScenario.turn(
                        "t-2",
                        at.plusSeconds(1),
                        "assistant",
                        "Good day",
                        ",\"usage\":{\"inputTokens\":100,\"outputTokens\":10},\"latencyMs\":"
                                + (100 + 100 * number)
                                + (number == 0 ? ",\"error\":\"timeout\"" : "")));
    }
}
