package dev.parley.ui;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The Chromium of this machine, controlled by Playwright. Without Chromium, the tests are skipped,
 * or fail if the environment variable {@code CI} is set.
 */
final class Browser implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Browser.class);

    /** The path in Debian. {@code -Dparley.chromium} configures another path. */
    private static final Path CHROMIUM =
            Path.of(System.getProperty("parley.chromium", "/usr/bin/chromium"));

    /**
     * Root cannot use the sandbox of Chromium. The other options prevent that Chromium sends
     * requests of its own.
     */
    private static final List<String> ARGUMENTS =
            List.of(
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Playwright playwright) {
        PlaywrightAssertions.setDefaultAssertionTimeout((double) TIMEOUT.toMillis());
        this.playwright = playwright;
        this.chromium =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(CHROMIUM)
                                        .setArgs(ARGUMENTS));
    }

    static Browser launch() {
        if (!Files.isExecutable(CHROMIUM)) {
            if (System.getenv("CI") != null) {
                throw new AssertionError(
                        CHROMIUM + " is not installed, so that the UI cannot be checked");
            }
            LOG.warnf("Skipped a check of the UI, since %s is not installed", CHROMIUM);
            abort(CHROMIUM + " is not installed");
        }
        return new Browser(
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))));
    }

    /** Opens a window that shares no cookies or storage with the other windows. */
    UiWindow open(Viewport viewport) {
        return new UiWindow(chromium.newContext(viewport.options()));
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
