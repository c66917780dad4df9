package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.parley.local.LocalParley;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the list of sessions in the UI. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class SessionsPageIT {

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final String NAMES = "#sessions .session";

    private static UiScenario scenario;

    /** A user of this test alone, since other tests use the same table. */
    private final String user = "u-" + UUID.randomUUID();

    @BeforeAll
    static void begin() {
        scenario = new UiScenario();
    }

    @AfterAll
    static void end() {
        scenario.close();
    }

    @Test
    void sessions_areListedNewestFirst_withTheirFacts() {
        publish("first", 30, "web", "");
        publish("second", 20, "app", "");

        try (UiWindow window = scenario.open("/ui/?userId=" + user)) {
            assertThat(window.page().locator(NAMES))
                    .hasText(new String[] {id("second"), id("first")});
            assertThat(window.page().locator("#sessions li").first()).containsText("app");
            assertThat(window.page().locator("#sessions li").first()).containsText("1 turn");
            assertThat(window.page().locator("#end")).containsText("2 sessions");
            assertThat(window.problems()).isEmpty();
        }
    }

    @Test
    void link_toAFilteredList_showsTheSameListElsewhere() {
        publish("web", 30, "web", "");
        publish("app", 20, "app", "");
        publish("ended", 10, "app", "session.ended");

        try (UiWindow window = scenario.open("/ui/?userId=" + user);
                UiWindow other = scenario.open("/ui/")) {
            Page page = window.page();
            page.getByLabel("Channel").fill("app");
            page.getByLabel("Channel").press("Enter");
            assertThat(page.locator(NAMES)).hasText(new String[] {id("ended"), id("app")});
            page.getByLabel("Status").selectOption("open");
            assertThat(page.locator(NAMES)).hasText(new String[] {id("app")});
            assertThat(page)
                    .hasURL(Pattern.compile("/ui/\\?userId=" + user + "&channel=app&status=open$"));

            other.page().navigate(page.url());

            assertThat(other.page().locator(NAMES)).hasText(new String[] {id("app")});
            assertThat(other.page().getByLabel("Status")).hasValue("open");
            assertThat(other.page().getByLabel("User")).hasValue(user);

            page.goBack();
            assertThat(page.locator(NAMES)).hasText(new String[] {id("ended"), id("app")});
            assertThat(page.getByLabel("Status")).hasValue("");
        }
    }

    @Test
    void time_thatIsChosen_limitsTheList() {
        publish("before", 180, "web", "");
        publish("within", 120, "web", "");
        publish("after", 60, "web", "");

        try (UiWindow window = scenario.open("/ui/?userId=" + user)) {
            window.page().getByLabel("Started from").fill(localTime(150));
            window.page()
                    .getByLabel("to", new Page.GetByLabelOptions().setExact(true))
                    .fill(localTime(90));
            window.page().getByText("Show", new Page.GetByTextOptions().setExact(true)).click();

            assertThat(window.page().locator(NAMES)).hasText(new String[] {id("within")});
            assertThat(window.page()).hasURL(Pattern.compile("&from=[^&]+Z&to=[^&]+Z$"));
        }
    }

    /** A time in the time zone of the browser, which is UTC here. */
    private String localTime(int minutesAgo) {
        return now.minus(Duration.ofMinutes(minutesAgo)).toString().substring(0, 16);
    }

    @Test
    void list_ofSeveralParts_loadsMoreWhileScrolling() {
        List<String> sessions =
                IntStream.range(0, 130).mapToObj(i -> id("%03d".formatted(i))).toList();
        for (int i = 0; i < sessions.size(); i++) {
            scenario.publishEvent(sessions.get(i), turn(130 - i, "web"));
        }
        scenario.awaitTurns(sessions.getLast(), 1);
        scenario.awaitTurns(sessions.getFirst(), 1);

        try (UiWindow window = scenario.open("/ui/?userId=" + user)) {
            Page page = window.page();
            int shown = 0;
            while (shown < sessions.size()) {
                assertThat(page.locator(NAMES).nth(shown)).isAttached();
                shown = window.count(NAMES);
                page.locator("#end").scrollIntoViewIfNeeded();
            }
            assertThat(page.locator("#end")).containsText("130 sessions");
            assertThat(window.texts(NAMES)).isEqualTo(sessions.reversed());
        }
    }

    @Test
    void list_withoutAMatch_showsAMessage() {
        try (UiWindow window = scenario.open("/ui/?userId=" + user)) {
            assertThat(window.page().locator("#end"))
                    .containsText("No session matches these filters.");
        }
    }

    @Test
    void failure_isShownWithAButtonToTryAgain() {
        publish("there", 10, "web", "");

        try (UiWindow window = scenario.open("/ui/overview.html")) {
            Page page = window.page();
            page.route("**/sessions?*", Route::abort);
            page.navigate(UiScenario.url("/ui/?userId=" + user));
            assertThat(page.locator("[role=alert]")).containsText("Parley can’t be reached.");

            page.unroute("**/sessions?*");
            page.getByText("Try again").click();

            assertThat(page.locator(NAMES)).hasText(new String[] {id("there")});
        }
    }

    @Test
    void missingToken_withoutSignIn_namesTheMissingProperty() {
        try (UiWindow window = scenario.open("/ui/overview.html")) {
            Page page = window.page();
            page.route(
                    "**/sessions?*",
                    route -> route.fulfill(new Route.FulfillOptions().setStatus(401)));

            page.navigate(UiScenario.url("/ui/"));

            assertThat(page.locator("[role=alert]"))
                    .containsText("quarkus.oidc.page.client-id is missing");
        }
    }

    private String id(String name) {
        return name + "-" + user;
    }

    private void publish(String name, int minutesAgo, String channel, String endEvent) {
        scenario.publish(id(name), List.of(turn(minutesAgo, channel)));
        if (!endEvent.isEmpty()) {
            scenario.publishEvent(id(name), "{\"type\":\"%s\"}".formatted(endEvent));
            scenario.awaitStatus(id(name), "ended");
        }
    }

    private String turn(int minutesAgo, String channel) {
        return UiScenario.turn(
                "t-1",
                now.minus(Duration.ofMinutes(minutesAgo)),
                "user",
                "Hello",
                ",\"userId\":\"%s\",\"channel\":\"%s\"".formatted(user, channel));
    }
}
