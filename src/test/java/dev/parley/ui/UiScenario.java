package dev.parley.ui;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.TextNode;
import com.microsoft.playwright.Route;
import dev.parley.local.LocalTopics;
import io.restassured.RestAssured;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Someone with a browser, and a chat platform that publishes what there is to see. */
final class UiScenario implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Browser browser = Browser.launch();
    private final LocalTopics topics = new LocalTopics();

    UiWindow open(Viewport look, String path) {
        UiWindow window = browser.open(look);
        window.page().navigate(address(path));
        return window;
    }

    UiWindow open(String path) {
        return open(Viewport.DESK, path);
    }

    /** The page of a session, once it follows it. */
    UiWindow openSession(Viewport look, String sessionId) {
        UiWindow window = open(look, "/ui/session.html?id=" + UiWindow.encoded(sessionId));
        window.page().waitForSelector("#live.on");
        return window;
    }

    /**
     * The same with turns that the API would give, whatever it takes from platforms to get there.
     *
     * @param turns all of them, oldest first
     */
    UiWindow openSession(Viewport look, String sessionId, List<String> turns) {
        String part = "{\"items\":%s}".formatted(turns.reversed());
        UiWindow window = open(look, "/ui/");
        window.page()
                .route(
                        "**/sessions/*/turns?*",
                        route -> route.fulfill(new Route.FulfillOptions().setBody(part)));
        window.page().navigate(address("/ui/session.html?id=" + UiWindow.encoded(sessionId)));
        window.page().waitForSelector("#live.on");
        return window;
    }

    static String address(String path) {
        return "http://127.0.0.1:" + RestAssured.port + path;
    }

    /** Publishes turns of one session, and waits until all are stored. */
    void publish(String sessionId, List<String> turns) {
        topics.publish(turns.stream().map(turn -> Map.entry(sessionId, turn)).toList());
        awaitTurns(sessionId, turns.size());
    }

    void publishMore(String sessionId, String event) {
        topics.publish(sessionId, event);
    }

    void awaitTurns(String sessionId, int turns) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                given().get("/sessions/{id}?turns=none&consistent=true", sessionId)
                                        .then()
                                        .body("turnCount", equalTo(turns)));
    }

    void awaitStatus(String sessionId, String status) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                given().get("/sessions/{id}?turns=none&consistent=true", sessionId)
                                        .then()
                                        .body("status", equalTo(status)));
    }

    /** A turn as platforms publish it. */
    static String turn(String id, Instant at, String role, String content) {
        return turn(id, at, role, content, "");
    }

    /**
     * @param more further fields, each with a comma before it
     */
    static String turn(String id, Instant at, String role, String content, String more) {
        return """
        {"turnId":"%s","occurredAt":"%s","role":"%s","content":%s%s}"""
                .formatted(id, at, role, quoted(content), more);
    }

    static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    @Override
    public void close() {
        topics.close();
        browser.close();
    }
}
