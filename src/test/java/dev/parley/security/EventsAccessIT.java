package dev.parley.security;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.local.LocalParley;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionWriter;
import dev.parley.support.EventsClient;
import dev.parley.support.EventsClient.Event;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that a stream of events ends when its client may no longer read the session. */
@Tag("security")
@Tag("slow")
@QuarkusTest
@WithTestResource(LocalParley.class)
@WithTestResource(SecuredParley.class)
class EventsAccessIT {

    private final String session = "followed-" + UUID.randomUUID();

    @Inject SessionWriter sessions;

    @SuppressWarnings("NullAway.Init") // Quarkus sets it.
    @TestHTTPResource
    URI service;

    @SuppressWarnings("NullAway.Init") // SecuredParley sets it.
    TokenIssuer issuer;

    @Test
    void events_forAToken_endWhenItExpiresAndNotEarlier() throws Exception {
        apply(event(session).userId("u-1").turn("t-1", "hi"));
        Token shortLived = issuer.tokenOf("u-1").expiringIn(Duration.ofSeconds(4));
        Instant expiry = shortLived.expiry();

        try (EventsClient follower = follow(shortLived);
                EventsClient other = follow(issuer.tokenOf("u-1"))) {
            follower.awaitEvent(event -> event.data().contains("t-1"));
            follower.end().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);

            assertThat(Instant.now()).isAfterOrEqualTo(expiry);
            apply(event(session).at(1).userId("u-1").turn("t-2", "still there?"));
            other.awaitEvent(event -> event.data().contains("t-2"));
            assertThat(other.end()).isNotDone();
            assertThat(follower.events()).noneMatch(event -> event.data().contains("t-2"));
        }
    }

    @Test
    void events_ofASessionThatGetsAnotherUser_endAsIfItWereDeleted() throws Exception {
        apply(event(session).userId("u-1").turn("t-1", "hi"));

        try (EventsClient follower = follow(issuer.tokenOf("u-1"))) {
            follower.awaitEvent(event -> event.data().contains("t-1"));
            apply(event(session).at(1).userId("u-2").turn("t-2", "private"));
            follower.end().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);

            assertThat(follower.events()).extracting(Event::name).endsWith("gone");
            assertThat(follower.events()).noneMatch(event -> event.data().contains("private"));
        }
    }

    private EventsClient follow(Token token) throws Exception {
        return EventsClient.connect(
                service.resolve("/sessions/" + session + "/events"),
                Map.of("Authorization", "Bearer " + token.text()));
    }

    private void apply(SessionEvent event) {
        sessions.apply(event.sessionId(), List.of(event)).await().atMost(TIMEOUT);
    }
}
