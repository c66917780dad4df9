package dev.parley.api;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.local.LocalParley;
import dev.parley.session.SessionWriter;
import dev.parley.support.EventsClient;
import dev.parley.support.EventsClient.Event;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests clients that reconnect with the id of their last event, from which the stream can resume or
 * not.
 */
@QuarkusTest
@WithTestResource(LocalParley.class)
class EventsResumptionTest {

    private static final String SESSION = "resumed";

    @Inject SessionWriter sessions;

    @SuppressWarnings("NullAway.Init") // Quarkus sets it.
    @TestHTTPResource
    URI service;

    @SuppressWarnings("NullAway.Init") // Quarkus sets it.
    @ConfigProperty(name = "parley.api.token-key")
    String key;

    @BeforeEach
    void store() {
        SessionFixture.apply(
                sessions,
                List.of(event(SESSION).turn("t-1", "hi"), event(SESSION).at(1).turn("t-2", "ho")));
    }

    @Test
    void follow_withAnIdOfAnotherKey_startsAnew() throws Exception {
        List<String> withoutId = events("", Map.of());
        PageTokens other = tokens("the key of another instance, which has its own");

        try (EventsClient follower = follow("", id(other, "1 0 -"))) {
            follower.awaitEvent(event -> event.name().equals("session"));

            assertThat(data(follower)).isEqualTo(withoutId);
            assertThat(follower.header("Parley-Resumed")).isEqualTo("false");
        }
    }

    /** Another version of Parley may have issued cursors that this version can't read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1 2",
                "1 2 3 4",
                "a b -",
                "1 1 yesterday",
                "99999999999999999999 0 -"
            })
    void follow_withAnIdOfAnInvalidCursor_startsAnew(String cursor) throws Exception {
        assertThat(events("", id(tokens(key), cursor))).isEqualTo(events("", Map.of()));
    }

    @Test
    void follow_withAForeignIdAndATime_startsAtThatTime() throws Exception {
        assertThat(events("?from=2026-11-22T10:00:01Z", Map.of("Last-Event-ID", "foreign")))
                .noneMatch(event -> event.contains("t-1"))
                .first()
                .asString()
                .contains("t-2");
    }

    @Test
    void follow_withAnIssuedId_resumes() throws Exception {
        try (EventsClient follower = follow("", Map.of())) {
            String id = follower.awaitEvent(event -> event.name().equals("session")).id();

            try (EventsClient resumed = follow("", Map.of("Last-Event-ID", id))) {
                SessionFixture.apply(sessions, List.of(event(SESSION).at(2).turn("t-3", "later")));
                resumed.awaitEvent(event -> event.data().contains("t-3"));

                assertThat(resumed.header("Parley-Resumed")).isEqualTo("true");
                assertThat(resumed.events()).noneMatch(event -> event.data().contains("t-1"));
            }
        }
    }

    private List<String> events(String query, Map<String, String> headers) throws Exception {
        try (EventsClient follower = follow(query, headers)) {
            follower.awaitEvent(event -> event.name().equals("session"));
            return data(follower);
        }
    }

    private static List<String> data(EventsClient follower) {
        return follower.events().stream().map(Event::data).toList();
    }

    private EventsClient follow(String query, Map<String, String> headers) throws Exception {
        return EventsClient.connect(
                URI.create(
                        "http://%s/sessions/%s/events%s"
                                .formatted(service.getAuthority(), SESSION, query)),
                headers);
    }

    private static PageTokens tokens(String key) {
        return new PageTokens(ApiSettings.with("token-key", key));
    }

    private static Map<String, String> id(PageTokens tokens, String cursor) {
        return Map.of("Last-Event-ID", tokens.issue("events " + SESSION, cursor));
    }
}
