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

/** Clients that come back, with an id from which events can be resumed or not. */
@QuarkusTest
@WithTestResource(LocalParley.class)
class EventsResumptionTest {

    private static final String SESSION = "resumed";

    @Inject SessionWriter sessions;

    @SuppressWarnings("NullAway.Init") // Quarkus's
    @TestHTTPResource
    URI service;

    @SuppressWarnings("NullAway.Init") // Quarkus's
    @ConfigProperty(name = "parley.api.token-key")
    String key;

    @BeforeEach
    void store() {
        SessionFixture.apply(
                sessions,
                List.of(event(SESSION).turn("t-1", "hi"), event(SESSION).at(1).turn("t-2", "ho")));
    }

    @Test
    void idOfAnInstanceWithAnotherKey_isAnsweredAsWithoutOne() throws Exception {
        List<String> first = events("", Map.of());
        PageTokens other = tokens("the key of another instance, which has its own");

        try (EventsClient follower = follow("", id(other, "1 0 -"))) {
            follower.awaitEvent(event -> event.name().equals("session"));

            assertThat(data(follower)).isEqualTo(first);
            assertThat(follower.header("Parley-Resumed")).isEqualTo("false");
        }
    }

    /** Of another version of Parley. */
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
    void idWithACursorThatIsNone_isAnsweredAsWithoutOne(String cursor) throws Exception {
        assertThat(events("", id(tokens(key), cursor))).isEqualTo(events("", Map.of()));
    }

    @Test
    void idThatIsForeign_withAMoment_isAnsweredFromThatMomentOn() throws Exception {
        assertThat(events("?from=2026-11-22T10:00:01Z", Map.of("Last-Event-ID", "foreign")))
                .noneMatch(event -> event.contains("t-1"))
                .first()
                .asString()
                .contains("t-2");
    }

    @Test
    void idThatWasGivenOut_isResumed() throws Exception {
        try (EventsClient follower = follow("", Map.of())) {
            String id = follower.awaitEvent(event -> event.name().equals("session")).id();

            try (EventsClient back = follow("", Map.of("Last-Event-ID", id))) {
                SessionFixture.apply(sessions, List.of(event(SESSION).at(2).turn("t-3", "later")));
                back.awaitEvent(event -> event.data().contains("t-3"));

                assertThat(back.header("Parley-Resumed")).isEqualTo("true");
                assertThat(back.events()).noneMatch(event -> event.data().contains("t-1"));
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
        return EventsClient.of(
                URI.create(
                        "http://%s/sessions/%s/events%s"
                                .formatted(service.getAuthority(), SESSION, query)),
                headers);
    }

    private static PageTokens tokens(String key) {
        return new PageTokens(ApiSettings.with("token-key", key));
    }

    private static Map<String, String> id(PageTokens tokens, String cursor) {
        return Map.of("Last-Event-ID", tokens.of("events " + SESSION, cursor));
    }
}
