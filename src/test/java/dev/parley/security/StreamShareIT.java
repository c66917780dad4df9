package dev.parley.security;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.local.LocalParley;
import dev.parley.session.SessionWriter;
import dev.parley.support.EventsClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that callers with tokens share the streams that may be open at the same time. */
@Tag("security")
@Tag("slow")
@QuarkusTest
@WithTestResource(LocalParley.class)
@WithTestResource(SecuredParley.class)
@TestProfile(StreamShareIT.FewStreams.class)
class StreamShareIT {

    private static final String SESSION = "shared";

    /** Limits the streams to a number that a test can open. */
    public static final class FewStreams implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("parley.api.max-event-streams", "4");
        }
    }

    @Inject SessionWriter sessions;

    @SuppressWarnings("NullAway.Init") // Quarkus sets it.
    @TestHTTPResource
    URI service;

    @SuppressWarnings("NullAway.Init") // SecuredParley sets it.
    TokenIssuer issuer;

    @Test
    void caller_thatOpensItsWholeShare_leavesStreamsForOthers() throws Exception {
        sessions.apply(SESSION, List.of(event(SESSION).turn("t-1", "hi"))).await().atMost(TIMEOUT);
        Token greedy = issuer.tokenOf("greedy").withRoleOfReaders();
        Token other = issuer.tokenOf("other").withRoleOfReaders();
        List<EventsClient> open = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                open.add(follow(greedy));
                open.getLast().awaitEvent(event -> event.name().equals("session"));
            }

            int oneMore = given().auth().oauth2(greedy.text()).get(path()).statusCode();

            assertThat(oneMore).isEqualTo(503);
            open.add(follow(other));
            open.getLast().awaitEvent(event -> event.name().equals("session"));
        } finally {
            for (EventsClient client : open) {
                client.close();
            }
        }
    }

    private EventsClient follow(Token token) throws Exception {
        return EventsClient.connect(
                service.resolve(path()), Map.of("Authorization", "Bearer " + token.text()));
    }

    private static String path() {
        return "/sessions/" + SESSION + "/events";
    }
}
