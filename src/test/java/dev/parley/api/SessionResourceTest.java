package dev.parley.api;

import static dev.parley.session.EventBuilder.event;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.local.LocalParley;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionWriter;
import dev.parley.support.Metrics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests single sessions, their turns, and problems over REST. */
@QuarkusTest
@WithTestResource(LocalParley.class)
class SessionResourceTest {

    private static final String PROBLEM = "application/problem+json";

    @Inject SessionWriter sessions;

    private String id = "";

    @BeforeEach
    void nameSession(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void session_ofTheDocumentedEvents_isTheDocumentedExample() throws Exception {
        apply(DocumentedSession.EXAMPLE.events().toArray(SessionEvent[]::new));

        Response response = given().get("/sessions/s-42");

        OpenApi openApi = OpenApi.served();
        assertThat(new ObjectMapper().readTree(response.asString()))
                .isEqualTo(openApi.at("/components/examples/session/value"));
        assertThat(openApi.errors("Session", response.asString())).isEmpty();
        String turns = given().get("/sessions/s-42/turns?limit=2").asString();
        assertThat(new ObjectMapper().readTree(turns))
                .isEqualTo(openApi.at("/components/examples/turns/value"));
        assertThat(openApi.errors("Turns", turns)).isEmpty();
        assertThat(openApi.errors("Session", "{\"sessionId\":7,\"surprise\":true}")).isNotEmpty();
    }

    @Test
    void session_withTurnsNone_hasNoTurns() {
        apply(event(id).turn("t-1", "hi"));

        given().get("/sessions/{id}?turns=none", id)
                .then()
                .statusCode(200)
                .body("turnCount", equalTo(1))
                .body("$", not(hasKey("turns")));
    }

    @ParameterizedTest
    @CsvSource({
        "turns=recent, 10",
        "recent=1, 1",
        "recent=25, 25",
        "recent=50, 50",
        "recent=999, 50"
    })
    void session_hasAsManyOfItsLastTurnsAsAreWanted(String query, int expected) {
        String session = id + query;
        for (int i = 0; i < 60; i++) {
            apply(event(session).at(i).turn("t-" + i, "Number " + i + " " + "x y ".repeat(i)));
        }

        given().get("/sessions/{id}?" + query, session)
                .then()
                .statusCode(200)
                .body("turnCount", equalTo(60))
                .body(
                        "turns.turnId",
                        equalTo(
                                IntStream.range(60 - expected, 60)
                                        .mapToObj(i -> "t-" + i)
                                        .toList()));
    }

    @ParameterizedTest
    @CsvSource({"asc, 7", "asc, 500", "desc, 1", "desc, 7"})
    void turns_readInParts_areCompleteAndInOrder(String order, int limit) {
        String session = id + order + limit;
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            expected.add("t-" + i);
            apply(
                    event(session)
                            .at(i)
                            .turn(
                                    "t-" + i,
                                    "A turn of some length, number "
                                            + i
                                            + ". "
                                            + "x y z ".repeat(i)));
        }

        List<String> found = new ArrayList<>();
        String next = "/sessions/" + session + "/turns?order=" + order + "&limit=" + limit;
        while (next != null) {
            Response part = given().urlEncodingEnabled(false).get(next);
            assertThat(part.statusCode()).isEqualTo(200);
            List<String> ids = part.path("items.turnId");
            assertThat(ids).hasSizeLessThanOrEqualTo(limit);
            found.addAll(ids);
            String token = part.path("nextPageToken");
            String link = part.header("Link");
            assertThat(link == null).isEqualTo(token == null);
            next = link == null ? null : link.substring(link.indexOf('<') + 1, link.indexOf('>'));
        }

        assertThat(order.equals("asc") ? found : found.reversed()).isEqualTo(expected);
    }

    @Test
    void turns_withATokenOfAnotherList_getAProblem() {
        apply(event(id).turn("t-1", "hi"), event(id).at(1).turn("t-2", "ho"));
        String token = given().get("/sessions/{id}/turns?limit=1", id).path("nextPageToken");

        for (String path :
                List.of(
                        "/sessions/" + id + "/turns?order=desc&pageToken=" + token,
                        "/sessions/other/turns?pageToken=" + token,
                        "/sessions/" + id + "/turns?pageToken=" + token.substring(1),
                        "/sessions/" + id + "/turns?pageToken=%00%C3%BF")) {
            given().urlEncodingEnabled(false)
                    .get(path)
                    .then()
                    .statusCode(400)
                    .contentType(PROBLEM)
                    .body("detail", equalTo("pageToken was not issued for this list"));
        }
    }

    @Test
    void session_requestedWithItsETag_isNotModifiedUntilItChanges() {
        apply(event(id).turn("t-1", "hi"));
        String tag = given().get("/sessions/{id}", id).header("ETag");

        double unitsBefore = readUnits();
        Response same = given().header("If-None-Match", tag).get("/sessions/{id}", id);
        double units = readUnits() - unitsBefore;
        apply(event(id).at(1).turn("t-2", "ho"));
        Response changed = given().header("If-None-Match", tag).get("/sessions/{id}", id);

        assertThat(tag).isEqualTo("W/\"1\"");
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.asString()).isEmpty();
        assertThat(units).as("read units of one item, eventually consistent").isEqualTo(0.5);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.header("ETag")).isEqualTo("W/\"2\"");
    }

    @Test
    void session_withAnIdOfAnyCharacters_isFound() {
        String unusualId = id + " ü/語?#&%🙌";
        apply(event(unusualId).turn("t-1", "hi"));

        given().urlEncodingEnabled(true)
                .get("/sessions/{id}", unusualId)
                .then()
                .statusCode(200)
                .body("sessionId", equalTo(unusualId));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ";", "a;b", "a;b=c", "a;b/c;d", "a%3Bb", "a+b", "a b", "a.", "...", "\u2028",
                "a\u0085"
            })
    void session_withAnEncodedId_isFoundAtEachPath(String name) {
        String unusualId = name + id;
        apply(event(unusualId).turn("t-1", "hi"));
        String path = "/sessions/" + URLEncoder.encode(unusualId, UTF_8).replace("+", "%20");

        Response session = given().urlEncodingEnabled(false).get(path);
        Response turns = given().urlEncodingEnabled(false).get(path + "/turns");

        assertThat(session.<String>path("sessionId")).isEqualTo(unusualId);
        assertThat(turns.<List<String>>path("items.turnId")).containsExactly("t-1");
    }

    @Test
    void session_withOrWithoutCompression_hasAWeakTagAndTheHeaderVary() {
        apply(event(id).turn("t-1", "hi"));

        Response plain = given().header("Accept-Encoding", "identity").get("/sessions/{id}", id);
        Response gzip = given().header("Accept-Encoding", "gzip").get("/sessions/{id}", id);
        Response same =
                given().header("If-None-Match", gzip.header("ETag")).get("/sessions/{id}", id);

        assertThat(gzip.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(List.of(plain, gzip))
                .extracting(response -> response.header("ETag"))
                .allMatch(tag -> tag.startsWith("W/"));
        assertThat(List.of(plain, gzip, same))
                .extracting(response -> response.header("Vary"))
                .containsOnly("Accept-Encoding");
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(given().get("/sessions/{id}/turns", id).headers().getValues("Vary"))
                .containsExactlyInAnyOrder("Accept", "Accept-Encoding");
    }

    /**
     * A client of HTTP/1.0 that keeps its connection needs the length to find the end of a
     * response.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sessions/ID",
                "/sessions/ID/turns",
                "/sessions?userId=ID",
                "/openapi",
                "/nowhere"
            })
    void response_overHttp10_statesItsLength(String path) {
        apply(event(id).turn("t-1", "hi"));

        RawHttp.Answer answer =
                RawHttp.exchange(
                        InvalidRequest.get(path.replace("ID", id))
                                .over("HTTP/1.0")
                                .with("Accept-Encoding: gzip")
                                .text());

        assertThat(answer.headers()).doesNotContainKey("transfer-encoding");
        assertThat(answer.headers().get("content-length"))
                .isEqualTo("" + answer.body().getBytes(UTF_8).length);
    }

    @Test
    void list_ofAUserWithASemicolon_containsOnlyTheirSessions() {
        String user = id + ";limit=1";
        apply(event(id + 1).userId(user).turn("t-1", "hi"));
        apply(event(id + 2).userId(user).at(1).turn("t-1", "hi"));
        apply(event(id + 3).userId(id).turn("t-1", "hi"));

        Response first = given().urlEncodingEnabled(false).get("/sessions?limit=1&userId=" + user);
        String link = first.header("Link").replaceFirst("<(.*)>.*", "$1");
        Response second = given().urlEncodingEnabled(false).get(link);

        assertThat(first.<List<String>>path("items.sessionId")).containsExactly(id + 2);
        assertThat(second.<List<String>>path("items.sessionId")).containsExactly(id + 1);
    }

    @Test
    void session_thatDoesNotExist_getsAProblem() {
        given().get("/sessions/nobody")
                .then()
                .statusCode(404)
                .contentType(PROBLEM)
                .body("status", equalTo(404))
                .body("title", equalTo("Not Found"))
                .body("detail", equalTo("There is no session nobody."))
                .body("instance", equalTo("/sessions/nobody"));
    }

    @ParameterizedTest
    @CsvSource({
        "/sessions/s-42?turns=all, turns must be recent or none",
        "/sessions/s-42?recent=0, 'recent must be a whole number, 1 or more'",
        "/sessions/s-42?recent=1.5, 'recent must be a whole number, 1 or more'",
        "/sessions/s-42?recent=, 'recent must be a whole number, 1 or more'",
        "/sessions/s-42?recent=5&turns=none, recent can't be given with turns=none",
        "/sessions/s-42/turns?order=up, order must be asc or desc",
        "/sessions/s-42/turns?limit=0, 'limit must be a whole number, 1 or more'",
        "/sessions/s-42/turns?limit=-1, 'limit must be a whole number, 1 or more'",
        "/sessions/s-42/turns?limit=many, 'limit must be a whole number, 1 or more'",
        "/sessions/s%23p7/turns, the session id ends like the key of a page (#p and a number)",
        "/sessions/s%23p7, the session id ends like the key of a page (#p and a number)",
    })
    void request_thatIsInvalid_getsAProblemWithTheReason(String path, String detail) {
        given().urlEncodingEnabled(false)
                .get(path)
                .then()
                .statusCode(400)
                .contentType(PROBLEM)
                .body("detail", equalTo(detail));
    }

    @Test
    void request_withATooLongId_getsAProblem() {
        given().get("/sessions/{id}", "x".repeat(1025))
                .then()
                .statusCode(400)
                .contentType(PROBLEM)
                .body("detail", equalTo("the session id is longer than 1024 bytes"));
    }

    @ParameterizedTest
    @CsvSource({"GET, /nowhere, 404", "POST, /sessions/s-42, 405"})
    void request_thatIsNotSupported_getsAProblem(String method, String path, int status) {
        given().request(method, path).then().statusCode(status).contentType(PROBLEM);
    }

    @Test
    void request_forAnotherMediaType_getsAProblem() {
        given().accept("text/html")
                .get("/sessions/s-42")
                .then()
                .statusCode(406)
                .contentType(PROBLEM);
    }

    @Test
    void root_withoutAMediaType_listsThePaths() {
        given().get("/").then().statusCode(200).body(containsString("/sessions/{sessionId}"));
    }

    private static double readUnits() {
        return Metrics.of(given().get("/q/metrics").asString()).capacityUnits("kind=\"read\"");
    }

    private void apply(SessionEvent... events) {
        SessionFixture.apply(sessions, List.of(events));
    }
}
