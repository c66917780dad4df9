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
 * What a newcomer sees, as pictures in {@code target/pictures}. {@code -Dparley.pictures=docs}
 * renews those of the documents.
 */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
class DemoPagesTest {

    private static final Path PICTURES =
            Path.of(System.getProperty("parley.pictures", "target/pictures"));

    /** All three together shouldn't weigh more in a clone than its sources. */
    private static final long LARGEST = 250_000;

    private static final int TURNS_OF_THE_LONG_SESSION = 320;

    private static UiScenario visit;

    @BeforeAll
    static void begin() {
        visit = new UiScenario();
    }

    @AfterAll
    static void end() {
        visit.close();
    }

    @Test
    void demo_isSeen() throws IOException {
        DemoTraffic.publishPast(LocalInfrastructureProcess.shared().kafka());
        visit.awaitTurns("demo-long", TURNS_OF_THE_LONG_SESSION);

        try (UiWindow window = visit.open("/ui/")) {
            Page page = window.page();
            assertThat(page.locator("#sessions")).containsText("demo-long");
            picture(page, "sessions.png", false);

            page.navigate(UiScenario.address("/ui/session.html?id=demo-long"));
            assertThat(page.locator("#live")).hasText("Live");
            assertThat(page.locator(".turn").last()).containsText("You're welcome.");
            assertThat(page.locator("#facts")).containsText("120 user, 80 tool, 120 assistant");
            picture(page, "session.png", false);

            if (System.getProperty("parley.pictures") != null) {
                // Not after other tests: what Parley has counted for them, it remembers for a
                // while.
                page.getByText("Overview").click();
                assertThat(page.locator("figure canvas")).hasCount(5);
                assertThat(page.locator("#by-channel")).containsText("whatsapp");
                picture(page, "overview.png", true);
            }
            assertThat(window.trouble()).isEmpty();
        }
    }

    private static void picture(Page page, String name, boolean whole) throws IOException {
        Path file = PICTURES.resolve(name);
        page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(whole));
        assertThat(Files.size(file)).isLessThan(LARGEST);
    }
}
