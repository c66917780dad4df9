package dev.parley.ui;

import static dev.parley.support.Timeouts.TIMEOUT;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A window of the browser. It records events that must not happen. */
final class UiWindow implements AutoCloseable {

    private final BrowserContext context;
    private final Page page;

    /**
     * Dialogs, exceptions, violations of the Content-Security-Policy, and requests to other hosts
     * than Parley. Malicious content would cause these.
     */
    private final List<String> problems = new ArrayList<>();

    UiWindow(BrowserContext context) {
        this.context = context;
        context.setDefaultTimeout((double) TIMEOUT.toMillis());
        page = context.newPage();
        page.onDialog(
                dialog -> {
                    problems.add("dialog: " + dialog.message());
                    dialog.dismiss();
                });
        page.onPageError(error -> problems.add("exception: " + error));
        page.onConsoleMessage(
                message -> {
                    if (message.text().contains("Content Security Policy")) {
                        problems.add("policy: " + message.text());
                    }
                });
        context.onRequest(
                request -> {
                    if (!isToParley(request.url())) {
                        problems.add("request: " + request.url());
                    }
                });
    }

    private static boolean isToParley(String url) {
        return url.startsWith("blob:") || "127.0.0.1".equals(URI.create(url).getHost());
    }

    Page page() {
        return page;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    void setOffline(boolean offline) {
        context.setOffline(offline);
    }

    /** The visible texts of all elements that match the selector now. */
    List<String> texts(String selector) {
        return page.locator(selector).allInnerTexts();
    }

    int count(String selector) {
        return page.locator(selector).count();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        context.close();
    }
}
