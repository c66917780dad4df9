package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import dev.parley.local.ConnectionBalancer;
import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import dev.parley.session.Prose;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page of the packaged service. */
@Tag("packaged")
@Tag("browser")
class PageRestartIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** More than what events begin with if they don't go on where they were. */
    private static final int MISSED = 120;

    private final String name = "page-" + UUID.randomUUID();

    @Test
    void page_isOffInProduction_unlessItIsSwitchedOn() throws Exception {
        try (ServiceProcess service = start(Map.of())) {
            awaitServing(service);

            for (String path : List.of("/ui/", "/ui", "/_static/marked/17.0.3/lib/marked.esm.js")) {
                assertThat(service.get(path).statusCode()).as(path).isEqualTo(404);
            }
            assertThat(service.get("/").body()).startsWith("Parley keeps the sessions");
        }
    }

    /** The second instance knows none of the tokens that the first one gave out. */
    @Test
    void page_whoseServiceIsReplaced_goesOnWhereItWas() throws Exception {
        try (Browser browser = Browser.launch();
                ConnectionBalancer address = new ConnectionBalancer();
                LocalTopics topics = new LocalTopics();
                UiWindow window = browser.open(Viewport.DESK)) {
            Page page = window.page();
            try (ServiceProcess first = start(Map.of("parley.ui.enabled", "true"))) {
                awaitServing(first);
                address.sendTo(List.of(first));
                topics.publish(name, turn(0, "Hello"));
                await().atMost(PATIENCE)
                        .until(() -> first.get("/sessions/" + name).statusCode() == 200);
                page.navigate(address.uri("/ui/session.html?id=" + name).toString());
                assertThat(page.locator("#live")).hasText("Live");
            }
            assertThat(page.locator("#live")).hasText("Connection lost, trying again");
            Prose prose = new Prose(1);
            for (int i = 1; i <= MISSED; i++) {
                topics.publish(name, turn(i, prose.text(300)));
            }

            try (ServiceProcess second = start(Map.of("parley.ui.enabled", "true"))) {
                awaitServing(second);
                // What it has missed comes once it has joined the group.
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(
                                () ->
                                        second.get("/sessions/" + name)
                                                .body()
                                                .contains(
                                                        "\"turnCount\":%d,".formatted(1 + MISSED)));
                address.sendTo(List.of(second));

                assertThat(page.locator("#live")).hasText("Live");
                assertThat(page.locator("#size")).containsText("%d turns".formatted(1 + MISSED));
                topics.publish(name, turn(MISSED + 1, "Yes"));
                assertThat(page.locator(".turn .content").last()).hasText("Yes");
            }
        }
    }

    private static String turn(int number, String said) {
        return UiScenario.turn("t-" + number, Instant.now(), "user", said);
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

    private static void awaitServing(ServiceProcess service) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> service.get("/q/health/ready").statusCode() == 200);
    }
}
