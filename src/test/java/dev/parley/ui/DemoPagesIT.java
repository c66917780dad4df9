package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.local.DemoTraffic;
import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.local.LocalParley;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that the UI shows the demo, and takes pictures of it in {@code target/pictures}. {@code
 * -Dparley.pictures=docs} renews the pictures of the documents.
 */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class DemoPagesIT {

    private static final Path PICTURES =
            Path.of(System.getProperty("parley.pictures", "target/pictures"));

    /** The limit keeps a clone small: all three pictures should not be larger than the sources. */
    private static final long MAX_BYTES = 250_000;

    private static final int TURNS_OF_LONG_SESSION = 320;

    private static UiScenario scenario;

    @BeforeAll
    static void begin() {
        scenario = new UiScenario();
    }

    @AfterAll
    static void end() {
        scenario.close();
    }

    @Test
    void demo_isShown() throws IOException {
        DemoTraffic.publishFinishedConversations(LocalInfrastructureProcess.shared().kafka());
        scenario.awaitTurns("demo-long", TURNS_OF_LONG_SESSION);

        try (UiWindow window = scenario.open("/ui/")) {
            Page page = window.page();
            assertThat(page.locator("#sessions")).containsText("demo-long");
            picture(page, "sessions.png", false);

            page.navigate(UiScenario.url("/ui/session.html?id=demo-long"));
            assertThat(page.locator("#live")).hasText("Live");
            assertThat(page.locator(".turn").last()).containsText("You're welcome.");
            assertThat(page.locator("#facts")).containsText("120 user, 80 tool, 120 assistant");
            picture(page, "session.png", false);

            if (System.getProperty("parley.pictures") != null) {
                // Only without other tests before this one: Parley caches their statistics for a
                // while.
                page.getByText("Overview").click();
                assertThat(page.locator("figure canvas")).hasCount(5);
                assertThat(page.locator("#by-channel")).containsText("whatsapp");
                picture(page, "overview.png", true);
            }
            assertThat(window.problems()).isEmpty();
        }
    }

    private static void picture(Page page, String name, boolean fullPage) throws IOException {
        Path file = PICTURES.resolve(name);
        page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(fullPage));
        assertThat(Files.size(file)).isLessThan(MAX_BYTES);
    }
}
