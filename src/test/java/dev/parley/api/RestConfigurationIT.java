package dev.parley.api;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.api.stream.StreamedBody;
import dev.parley.local.LocalParley;
import dev.parley.session.SessionWriter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the REST API with settings that differ from the defaults. */
@Tag("slow")
@QuarkusTest
@WithTestResource(LocalParley.class)
@TestProfile(RestConfigurationIT.Configured.class)
class RestConfigurationIT {

    private static final String DASHBOARD_ORIGIN = "https://board.example";
    private static final int MAX_STREAMS = 2;

    /** Allows one origin, and sets limits that a test can reach. */
    public static final class Configured implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.cors.enabled",
                    "true",
                    "quarkus.http.cors.origins",
                    DASHBOARD_ORIGIN,
                    "parley.api.stats-max-sessions",
                    "3",
                    "parley.api.max-turn-streams",
                    Integer.toString(MAX_STREAMS),
                    "parley.api.max-event-streams",
                    Integer.toString(MAX_STREAMS));
        }
    }

    @Inject SessionWriter sessions;

    @Test
    void origin_thatIsAllowed_mayReadResponses() {
        storeSession("cors-1", "2003-01-01T10:00:00Z");

        Response preflight =
                given().header("Origin", DASHBOARD_ORIGIN)
                        .header("Access-Control-Request-Method", "GET")
                        .options("/sessions/cors-1");
        Response response = given().header("Origin", DASHBOARD_ORIGIN).get("/sessions/cors-1");

        assertThat(preflight.statusCode()).isEqualTo(200);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(DASHBOARD_ORIGIN);
        assertThat(preflight.header("Access-Control-Allow-Methods")).isEqualTo("GET,HEAD");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.header("Access-Control-Allow-Origin")).isEqualTo(DASHBOARD_ORIGIN);
        assertThat(List.of(preflight, response))
                .extracting(each -> each.header("Access-Control-Allow-Credentials"))
                .allMatch(credentials -> credentials == null || credentials.equals("false"));
        assertThat(response.headers().getValues("Vary")).contains("Origin");
        assertThat(response.header("Access-Control-Expose-Headers").split(","))
                .containsExactlyInAnyOrder("ETag", "Link", "Retry-After");
    }

    @Test
    void origin_thatIsNotAllowed_mayNotReadResponses() {
        Response response =
                given().header("Origin", "https://elsewhere.example").get("/sessions/cors-1");

        assertThat(response.headers().hasHeaderWithName("Access-Control-Allow-Origin")).isFalse();
    }

    @Test
    void stats_ofTooManySessionsInAnHour_areRefused() {
        for (int i = 0; i < 4; i++) {
            storeSession("many-" + i, "2003-02-01T10:00:0" + i + "Z");
        }

        for (int i = 0; i < 2; i++) {
            given().get("/stats?from=2003-02-01T10:00:00Z&to=2003-02-01T11:00:00Z")
                    .then()
                    .statusCode(400)
                    .body("detail", startsWith("more than 3 sessions started in that time"));
        }
    }

    @Test
    void stats_ofTooManySessionsInAll_areRefusedUntilTheirHoursAreCached() {
        for (int i = 0; i < 4; i++) {
            storeSession("hours-" + i, "2003-03-01T1" + i + ":00:00Z");
        }
        String all = "/stats?interval=day&from=2003-03-01&to=2003-03-02";

        given().get(all)
                .then()
                .statusCode(400)
                .body("detail", startsWith("more than 3 sessions started in that time"));
        given().get("/stats?from=2003-03-01&to=2003-03-01T13:00:00Z").then().statusCode(200);
        given().get(all).then().statusCode(200).body("items[0].sessions", equalTo(4));
    }

    /** A stream that no client reads would count as open forever. */
    @Test
    void head_ofAStream_doesNotCountAsAnOpenStream() {
        storeSession("head-1", "2003-04-01T10:00:00Z");

        for (int i = 0; i <= MAX_STREAMS; i++) {
            Response turns =
                    given().header("Accept", StreamedBody.LINES).head("/sessions/head-1/turns");
            Response events = given().head("/sessions/head-1/events");
            assertThat(turns.statusCode()).isEqualTo(200);
            assertThat(turns.contentType()).startsWith(StreamedBody.LINES);
            assertThat(events.statusCode()).isEqualTo(200);
            assertThat(events.contentType()).startsWith("text/event-stream");
        }

        given().header("Accept", StreamedBody.LINES)
                .get("/sessions/head-1/turns")
                .then()
                .statusCode(200);
        assertThat(RawHttp.exchange(InvalidRequest.get("/sessions/head-1/events").text()).status())
                .isEqualTo(200);
    }

    @Test
    void stream_beyondTheLimit_getsAProblemWithTheReason() throws Exception {
        storeSession("full-1", "2003-05-01T10:00:00Z");
        String events = "GET /sessions/full-1/events HTTP/1.1\r\nHost: parley\r\n\r\n";
        List<Socket> open = new ArrayList<>();

        for (int i = 0; i < MAX_STREAMS; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
            open.add(socket);
            socket.getOutputStream().write(events.getBytes(US_ASCII));
            assertThat(socket.getInputStream().read()).isPositive();
        }
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () ->
                                given().get("/sessions/full-1/events")
                                        .then()
                                        .statusCode(503)
                                        .contentType("application/problem+json")
                                        .header("Retry-After", "5")
                                        .body("detail", startsWith("Too many streams are open")));
        for (Socket socket : open) {
            socket.close();
        }

        await().atMost(TIMEOUT)
                .untilAsserted(
                        () ->
                                assertThat(
                                                RawHttp.exchange(
                                                                InvalidRequest.get(
                                                                                "/sessions/full-1/events")
                                                                        .text())
                                                        .status())
                                        .isEqualTo(200));
    }

    private void storeSession(String sessionId, String at) {
        sessions.apply(sessionId, List.of(event(sessionId).at(Instant.parse(at)).turn("t-1", "hi")))
                .await()
                .atMost(TIMEOUT);
    }
}
