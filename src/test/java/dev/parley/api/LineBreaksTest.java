package dev.parley.api;

import static dev.parley.session.EventBuilder.event;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.api.stream.StreamedBody;
import dev.parley.local.LocalParley;
import dev.parley.session.SessionWriter;
import dev.parley.support.EventsClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Tests text that some languages split into several lines, in formats in which a line break ends a
 * record.
 */
@QuarkusTest
@WithTestResource(LocalParley.class)
class LineBreaksTest {

    private static final String CONTENT = "a\u2028b\u2029c\u0085d\r\ne\u000bf\u000cg\u001ch";

    /** The characters that Java, Python or Ruby treat as line breaks. */
    private static final String ANY_LINE_BREAK =
            "[\n\r\u000b\u000c\u001c\u001d\u001e\u0085\u2028\u2029]";

    private static final String SESSION = "lines\u2028\u0085";
    private static final String PATH = "/sessions/lines%E2%80%A8%C2%85";

    @Inject SessionWriter sessions;

    @SuppressWarnings("NullAway.Init") // Quarkus sets it.
    @TestHTTPResource
    URI service;

    @Test
    void turns_withLineBreaksOfAnyKind_areOneLineEach() throws Exception {
        store();

        String body =
                given().urlEncodingEnabled(false)
                        .header("Accept", StreamedBody.LINES)
                        .get(PATH + "/turns")
                        .asString();

        assertThat(body.split(ANY_LINE_BREAK)).hasSize(2);
        for (String line : body.lines().toList()) {
            assertThat(json(line).path("content").textValue()).isEqualTo(CONTENT);
        }
    }

    @Test
    void events_withLineBreaksOfAnyKind_areOneLineEach() throws Exception {
        store();

        try (EventsClient follower =
                EventsClient.connect(
                        URI.create("http://" + service.getAuthority() + PATH + "/events"),
                        Map.of())) {
            EventsClient.Event session =
                    follower.awaitEvent(event -> event.name().equals("session"));
            EventsClient.Event turn = follower.awaitEvent(event -> event.name().equals("turn"));

            assertThat(List.of(session, turn))
                    .noneMatch(event -> event.data().split(ANY_LINE_BREAK).length > 1);
            assertThat(json(turn.data()).path("content").textValue()).isEqualTo(CONTENT);
            assertThat(json(session.data()).path("sessionId").textValue()).isEqualTo(SESSION);
        }
    }

    private void store() {
        SessionFixture.apply(
                sessions,
                List.of(
                        event(SESSION).turn("t-1", CONTENT),
                        event(SESSION).at(1).turn("t-2", CONTENT)));
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
