package dev.parley.ui;

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
 * The machine's own Chromium, driven by Playwright. Skips the tests that ask for it where there is
 * none, unless everything is to be checked.
 */
final class Browser implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Browser.class);

    /** Where Debian puts it; {@code -Dparley.chromium} tells of another one. */
    private static final Path CHROMIUM =
            Path.of(System.getProperty("parley.chromium", "/usr/bin/chromium"));

    /** Root may not use Chromium's sandbox; the rest keeps it from talking to anybody else. */
    private static final List<String> QUIET =
            List.of(
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync");

    private static final double PATIENCE_MS = 30_000;

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Playwright playwright) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
        this.playwright = playwright;
        this.chromium =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(CHROMIUM)
                                        .setArgs(QUIET));
    }

    static Browser launch() {
        if (!Files.isExecutable(CHROMIUM)) {
            if (System.getenv("CI") != null) {
                throw new AssertionError(
                        CHROMIUM + " is missing, so that the page can't be checked");
            }
            LOG.warnf("Skipped, since %s isn't on this machine: a check of the page", CHROMIUM);
            abort(CHROMIUM + " isn't on this machine");
        }
        return new Browser(
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))));
    }

    /** A window of its own, which knows nothing of the others. */
    UiWindow open(Viewport look) {
        return new UiWindow(chromium.newContext(look.options()));
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
