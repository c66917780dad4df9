package dev.parley.api;

import static dev.parley.session.EventBuilder.event;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.local.LocalParley;
import dev.parley.session.EventBuilder;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionWriter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests lists of sessions. All tests share a table, so each test has a separate user, and each list
 * by time has a separate day.
 */
@QuarkusTest
@WithTestResource(LocalParley.class)
class SessionListResourceTest {

    @Inject SessionWriter sessions;

    private String user = "";

    @BeforeEach
    void nameUser(TestInfo test) {
        user = test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void list_ofTheDocumentedEvents_isTheDocumentedExample() throws Exception {
        apply(DocumentedSession.EXAMPLE.events().toArray(SessionEvent[]::new));

        String list =
                given().get(
                                "/sessions?userId=u-9&from=2026-11-22T10:15:12.004Z&to=2026-11-22T10:15:12.005Z")
                        .asString();

        OpenApi openApi = OpenApi.served();
        assertThat(new ObjectMapper().readTree(list))
                .isEqualTo(openApi.at("/components/examples/sessions/value"));
        assertThat(openApi.errors("Sessions", list)).isEmpty();
        assertThat(openApi.errors("Sessions", "{\"items\":[{}],\"more\":true}")).isNotEmpty();
    }

    @Test
    void list_ofAUser_containsOnlyTheirSessionsNewestFirst() {
        storeSessions(0, 2, 1);
        apply(event("another's " + user).userId(user + "'s friend").turn("t-1", "hi"));

        List<String> ids = readAll("/sessions?userId=" + user);

        assertThat(ids).containsExactly(user + 2, user + 1, user + 0);
    }

    @ParameterizedTest
    @CsvSource({
        "2003-02-03, 2003-02-04, 'b,a'",
        "2003-02-03T10:00:00Z, 2003-02-03T11:00:00Z, 'a'",
        "2003-02-03T10:00:00.001Z, 2003-02-03T11:00:00Z, ''",
        "2003-02-03T10:00:00Z, 2003-02-03T11:00:00.001Z, 'b,a'",
        "2003-02-03T10:00:00Z, 2003-02-03T10:00:00Z, ''",
        "2003-02-03T11:00:00%2B01:00, 2003-02-03T12:00:00%2B01:00, 'a'",
        "2003-02-04, 2003-02-05, ''",
        "2003-01-01, 2004-01-01, 'b,a'",
    })
    void list_ofATimeRange_containsTheSessionsThatStartedInIt(
            String from, String to, String expected) {
        apply(
                at(user + "a", "2003-02-03T10:00:00Z").userId(user).turn("t-1", "hi"),
                at(user + "b", "2003-02-03T11:00:00Z").userId(user).turn("t-1", "hi"),
                at(user + "b", "2003-02-04T11:00:00Z").turn("t-2", "still here"));

        String range = "from=" + from + "&to=" + to;
        List<String> ofAllUsers = readAll("/sessions?" + range);
        List<String> ofTheUser = readAll("/sessions?userId=" + user + "&" + range);

        List<String> ids = expected(expected);
        assertThat(ofAllUsers).isEqualTo(ids);
        assertThat(ofTheUser).isEqualTo(ids);
    }

    @Test
    void list_withoutATimeRange_coversThirtyDays() {
        Instant now = Instant.now();
        apply(
                event(user + "recent")
                        .at(now.minus(Duration.ofDays(28)))
                        .channel(user)
                        .turn("t-1", ""),
                event(user + "old")
                        .at(now.minus(Duration.ofDays(31)))
                        .channel(user)
                        .turn("t-1", ""),
                event(user + "ahead")
                        .at(now.plus(Duration.ofHours(3)))
                        .channel(user)
                        .turn("t-1", ""));

        List<String> ids = readAll("/sessions?channel=" + user);

        assertThat(ids).containsExactly(user + "ahead", user + "recent");
    }

    @ParameterizedTest
    @CsvSource({
        "channel=web, 'web,ended'",
        "channel=app, 'app'",
        "channel=fax, ''",
        "status=open, 'web,app'",
        "status=ended, 'ended'",
        "status=ended&channel=web, 'ended'",
        "status=ended&channel=app, ''",
    })
    void list_withFilters_containsTheMatchingSessions(String filters, String expected) {
        apply(
                at(user + "ended", "2001-03-03T10:00:00Z")
                        .userId(user)
                        .channel("web")
                        .turn("t-1", ""),
                at(user + "ended", "2001-03-03T10:01:00Z").ended(),
                at(user + "app", "2001-03-03T11:00:00Z")
                        .userId(user)
                        .channel("app")
                        .turn("t-1", ""),
                at(user + "web", "2001-03-03T12:00:00Z")
                        .userId(user)
                        .channel("web")
                        .turn("t-1", ""));

        List<String> ofTheUser = readAll("/sessions?userId=" + user + "&" + filters);
        List<String> ofAllUsers = readAll("/sessions?from=2001-03-03&to=2001-03-04&" + filters);

        List<String> ids = expected(expected);
        assertThat(ofTheUser).isEqualTo(ids);
        assertThat(ofAllUsers).isEqualTo(ids);
    }

    @Test
    void list_withAHugeLimit_containsOneHundredSessions() {
        storeSessions(IntStream.range(0, 101).toArray());

        Response part = given().get("/sessions?userId={user}&limit=1000", user);

        assertThat(part.<List<String>>path("items.sessionId")).hasSize(100);
        assertThat(part.<String>path("nextPageToken")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 7", "3, 7", "7, 7", "3, 0"})
    void list_readByItsLinks_equalsTheListReadByItsTokens(int limit, int count) {
        user += limit + " {of}%+&#?" + count;
        storeSessions(IntStream.range(0, count).toArray());
        String first = "/sessions?userId=" + encoded(user) + "&limit=" + limit;

        List<String> byLink = new ArrayList<>();
        for (String next = first; next != null; ) {
            Response part = get(next);
            byLink.addAll(part.path("items.sessionId"));
            next = next(part);
        }
        List<String> byToken = readAll(first);

        assertThat(byLink)
                .isEqualTo(byToken)
                .isEqualTo(IntStream.range(0, count).mapToObj(i -> user + i).toList().reversed());
    }

    @Test
    void list_afterADeletion_doesNotContainTheSession() {
        apply(
                at(user, "2001-04-03T10:00:00Z").userId(user).channel(user).turn("t-1", "hi"),
                at(user + "kept", "2001-04-03T10:00:00Z")
                        .userId(user)
                        .channel(user)
                        .turn("t-1", ""));
        String range = "from=2001-04-03&to=2001-04-04";
        List<String> lists =
                List.of(
                        "/sessions?userId=" + user,
                        "/sessions?" + range,
                        "/sessions?channel=" + user + "&" + range);
        assertThat(lists).allSatisfy(list -> assertThat(readAll(list)).contains(user));

        apply(at(user, "2001-04-03T11:00:00Z").deleted());

        assertThat(lists)
                .allSatisfy(list -> assertThat(readAll(list)).containsExactly(user + "kept"));
    }

    @Test
    void head_ofAListOrASession_returnsItsHeaders() {
        storeSessions(0, 1);

        Response list = given().head("/sessions?userId={user}&limit=1", user);
        Response session = given().head("/sessions/{id}", user + 0);

        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(list.contentType()).startsWith("application/json");
        // The token contains the time when the first part of the list was read.
        assertThat(withoutToken(list))
                .isEqualTo(withoutToken(get("/sessions?userId=" + user + "&limit=1")))
                .contains("next");
        assertThat(list.header("Cache-Control")).isEqualTo("no-store");
        assertThat(list.asByteArray()).isEmpty();
        assertThat(session.statusCode()).isEqualTo(200);
        assertThat(session.header("ETag")).isEqualTo("W/\"1\"");
        assertThat(session.asByteArray()).isEmpty();
    }

    private static String withoutToken(Response list) {
        return list.header("Link").replaceFirst("pageToken=[^>]+", "");
    }

    /** Stores one session for each of these seconds, all in one hour. */
    private void storeSessions(int... seconds) {
        for (int second : seconds) {
            apply(event(user + second).at(second).userId(user).turn("t-1", "hi"));
        }
    }

    private static EventBuilder at(String sessionId, String time) {
        return event(sessionId).at(Instant.parse(time));
    }

    private void apply(SessionEvent... events) {
        SessionFixture.apply(sessions, List.of(events));
    }

    private List<String> expected(String names) {
        return names.isEmpty() ? List.of() : Stream.of(names.split(",")).map(user::concat).toList();
    }

    /** Returns the ids in all parts of a list, which it reads by their tokens. */
    private static List<String> readAll(String list) {
        List<String> ids = new ArrayList<>();
        Response part = get(list);
        ids.addAll(part.path("items.sessionId"));
        for (String token = part.path("nextPageToken"); token != null; ) {
            part = get(list + "&pageToken=" + token);
            ids.addAll(part.path("items.sessionId"));
            token = part.path("nextPageToken");
        }
        return ids;
    }

    private static Response get(String pathAndQuery) {
        Response response = given().urlEncodingEnabled(false).get(pathAndQuery);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return response;
    }

    private static @Nullable String next(Response part) {
        String link = part.header("Link");
        if (link == null) {
            return null;
        }
        assertThat(link).endsWith("; rel=\"next\"");
        return link.substring(link.indexOf('<') + 1, link.indexOf('>'));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
