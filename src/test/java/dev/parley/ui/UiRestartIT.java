package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import dev.parley.local.ConnectionBalancer;
import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import dev.parley.session.Prose;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests the UI of the packaged service: by default it is off, and it survives a restart of the
 * service.
 */
@Tag("packaged")
@Tag("browser")
class UiRestartIT {

    /** More turns than a new stream of events begins with. */
    private static final int MISSED_TURNS = 120;

    private final String name = "page-" + UUID.randomUUID();

    @Test
    void ui_inProduction_isOffByDefault() throws Exception {
        try (ServiceProcess service = start(Map.of())) {
            awaitReady(service);

            for (String path : List.of("/ui/", "/ui", "/_static/marked/17.0.3/lib/marked.esm.js")) {
                assertThat(service.get(path).statusCode()).as(path).isEqualTo(404);
            }
            assertThat(service.get("/").body()).startsWith("Parley stores the sessions");
        }
    }

    /** The second instance does not accept the page tokens of the first one. */
    @Test
    void ui_whoseServiceIsReplaced_continuesWithoutGaps() throws Exception {
        try (Browser browser = Browser.launch();
                ConnectionBalancer balancer = new ConnectionBalancer();
                LocalTopics topics = new LocalTopics();
                UiWindow window = browser.open(Viewport.DESKTOP)) {
            Page page = window.page();
            try (ServiceProcess first = start(Map.of("parley.ui.enabled", "true"))) {
                awaitReady(first);
                balancer.sendTo(List.of(first));
                topics.publish(name, turn(0, "Hello"));
                await().atMost(TIMEOUT)
                        .until(() -> first.get("/sessions/" + name).statusCode() == 200);
                page.navigate(balancer.uri("/ui/session.html?id=" + name).toString());
                assertThat(page.locator("#live")).hasText("Live");
            }
            assertThat(page.locator("#live")).hasText("Connection lost, trying again");
            Prose prose = new Prose(1);
            for (int i = 1; i <= MISSED_TURNS; i++) {
                topics.publish(name, turn(i, prose.text(300)));
            }

            try (ServiceProcess second = start(Map.of("parley.ui.enabled", "true"))) {
                awaitReady(second);
                // The instance reads the missed turns after it has joined the consumer group.
                await().atMost(TIMEOUT)
                        .ignoreExceptions()
                        .until(
                                () ->
                                        second.get("/sessions/" + name)
                                                .body()
                                                .contains(
                                                        "\"turnCount\":%d,"
                                                                .formatted(1 + MISSED_TURNS)));
                balancer.sendTo(List.of(second));

                assertThat(page.locator("#live")).hasText("Live");
                assertThat(page.locator("#size"))
                        .containsText("%d turns".formatted(1 + MISSED_TURNS));
                topics.publish(name, turn(MISSED_TURNS + 1, "Yes"));
                assertThat(page.locator(".turn .content").last()).hasText("Yes");
            }
        }
    }

    private static String turn(int number, String text) {
        return UiScenario.turn("t-" + number, Instant.now(), "user", text);
    }

    private ServiceProcess start(Map<String, String> more) {
        Map<String, String> settings =
                new HashMap<>(
                        Map.of(
                                "parley.table.name", name,
                                "parley.table.mode", "create",
                                "mp.messaging.incoming.turns.group.id", name));
        settings.putAll(more);
        return ServiceProcess.start(settings);
    }

    private static void awaitReady(ServiceProcess service) {
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(() -> service.get("/q/health/ready").statusCode() == 200);
    }
}
