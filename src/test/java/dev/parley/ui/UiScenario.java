package dev.parley.ui;

import static dev.parley.support.Timeouts.TIMEOUT;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.TextNode;
import com.microsoft.playwright.Route;
import dev.parley.local.LocalTopics;
import io.restassured.RestAssured;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A browser that shows the UI, and a chat platform that publishes turns. */
final class UiScenario implements AutoCloseable {

    private final Browser browser = Browser.launch();
    private final LocalTopics topics = new LocalTopics();

    UiWindow open(Viewport viewport, String path) {
        UiWindow window = browser.open(viewport);
        window.page().navigate(url(path));
        return window;
    }

    UiWindow open(String path) {
        return open(Viewport.DESKTOP, path);
    }

    /** Opens a session, and waits until its connection is live. */
    UiWindow openSession(Viewport viewport, String sessionId) {
        UiWindow window = open(viewport, "/ui/session.html?id=" + UiWindow.encoded(sessionId));
        window.page().waitForSelector("#live.on");
        return window;
    }

    /**
     * Opens a session, but replaces the turns in the response of the API.
     *
     * @param turns all turns as the API returns them, oldest first
     */
    UiWindow openSession(Viewport viewport, String sessionId, List<String> turns) {
        String part = "{\"items\":%s}".formatted(turns.reversed());
        UiWindow window = open(viewport, "/ui/");
        window.page()
                .route(
                        "**/sessions/*/turns?*",
                        route -> route.fulfill(new Route.FulfillOptions().setBody(part)));
        window.page().navigate(url("/ui/session.html?id=" + UiWindow.encoded(sessionId)));
        window.page().waitForSelector("#live.on");
        return window;
    }

    static String url(String path) {
        return "http://127.0.0.1:" + RestAssured.port + path;
    }

    /** Publishes turns of one session, and waits until all are stored. */
    void publish(String sessionId, List<String> turns) {
        topics.publish(turns.stream().map(turn -> Map.entry(sessionId, turn)).toList());
        awaitTurns(sessionId, turns.size());
    }

    void publishEvent(String sessionId, String event) {
        topics.publish(sessionId, event);
    }

    void awaitTurns(String sessionId, int turns) {
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () ->
                                given().get("/sessions/{id}?turns=none&consistent=true", sessionId)
                                        .then()
                                        .body("turnCount", equalTo(turns)));
    }

    void awaitStatus(String sessionId, String status) {
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () ->
                                given().get("/sessions/{id}?turns=none&consistent=true", sessionId)
                                        .then()
                                        .body("status", equalTo(status)));
    }

    /** The JSON of a turn as platforms publish it. */
    static String turn(String id, Instant at, String role, String content) {
        return turn(id, at, role, content, "");
    }

    /**
     * The JSON of a turn with further fields.
     *
     * @param more the further fields, each with a comma before it
     */
    static String turn(String id, Instant at, String role, String content, String more) {
        return """
        {"turnId":"%s","occurredAt":"%s","role":"%s","content":%s%s}"""
                .formatted(id, at, role, jsonString(content), more);
    }

    static String jsonString(String text) {
        return TextNode.valueOf(text).toString();
    }

    @Override
    public void close() {
        topics.close();
        browser.close();
    }
}
