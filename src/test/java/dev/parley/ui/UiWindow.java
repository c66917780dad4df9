package dev.parley.ui;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A window of the browser, and what happens in it that shouldn't. */
final class UiWindow implements AutoCloseable {

    private static final int PATIENCE_MS = 30_000;

    private final BrowserContext context;
    private final Page page;

    /** Dialogs, requests that aren't to Parley, and exceptions; what an evil text would cause. */
    private final List<String> trouble = new ArrayList<>();

    UiWindow(BrowserContext context) {
        this.context = context;
        context.setDefaultTimeout(PATIENCE_MS);
        page = context.newPage();
        page.onDialog(
                dialog -> {
                    trouble.add("dialog: " + dialog.message());
                    dialog.dismiss();
                });
        page.onPageError(error -> trouble.add("exception: " + error));
        page.onConsoleMessage(
                message -> {
                    if (message.text().contains("Content Security Policy")) {
                        trouble.add("policy: " + message.text());
                    }
                });
        context.onRequest(
                request -> {
                    if (!isOfParley(request.url())) {
                        trouble.add("request: " + request.url());
                    }
                });
    }

    private static boolean isOfParley(String url) {
        return url.startsWith("blob:") || "127.0.0.1".equals(URI.create(url).getHost());
    }

    Page page() {
        return page;
    }

    List<String> trouble() {
        return List.copyOf(trouble);
    }

    void setOffline(boolean offline) {
        context.setOffline(offline);
    }

    /** The texts of all that is there now. */
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
