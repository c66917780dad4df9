package dev.parley.api;

import static dev.parley.session.EventBuilder.event;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.local.LocalParley;
import dev.parley.session.EventBuilder;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionWriter;
import dev.parley.support.Metrics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Tests statistics over REST. Hours are cached and all tests share a table, so each test has
 * separate days.
 */
@QuarkusTest
@WithTestResource(LocalParley.class)
class StatsResourceTest {

    @Inject SessionWriter sessions;

    @Test
    void stats_ofTheDocumentedEvents_areTheDocumentedExample() throws Exception {
        String day = "2002-03-04";
        apply(new DocumentedSession("stats-s-42", day).events().toArray(SessionEvent[]::new));
        apply(at("stats-s-43", "2002-03-04T10:30:00Z").channel("app").turn("t-1", "hi"));

        String stats =
                stats("?channel=web&from=2002-03-04T10:15:00Z&to=2002-03-04T10:20:00Z").asString();

        OpenApi openApi = OpenApi.served();
        JsonNode example = openApi.at("/components/examples/stats/value");
        assertThat(stats).contains(day);
        assertThat(new ObjectMapper().readTree(stats.replace(day, "2026-11-22")))
                .isEqualTo(example);
        assertThat(openApi.errors("Stats", stats)).isEmpty();
        assertThat(openApi.errors("Stats", "{\"items\":[{}],\"more\":true}")).isNotEmpty();
    }

    @Test
    void stats_byChannel_haveAnItemForEachHourAndChannel() throws Exception {
        apply(
                at("stats-c-1", "2002-04-04T10:00:00Z").channel("web").latencyMs(5).turn("t-1", ""),
                at("stats-c-1", "2002-04-04T13:00:00Z").role(Role.TOOL).error().turn("t-2", ""),
                at("stats-c-2", "2002-04-04T10:59:59.999Z").channel("web").turn("t-1", ""),
                at("stats-c-3", "2002-04-04T10:30:00Z").channel("app").usage(3, 4).turn("t-1", ""),
                at("stats-c-4", "2002-04-04T10:30:00Z").turn("t-1", ""),
                at("stats-c-5", "2002-04-04T11:00:00Z").channel("web").turn("t-1", ""));

        Response stats = stats("?by=channel&from=2002-04-04T10:00:00Z&to=2002-04-04T13:00:00Z");
        Response ofOneChannel =
                stats("?by=channel&channel=app&from=2002-04-04T10:00:00Z&to=2002-04-04T13:00:00Z");

        assertThat(OpenApi.served().errors("Stats", stats.asString())).isEmpty();
        assertThat(stats.<List<String>>path("items.channel"))
                .containsExactly(null, "app", "web", "web");
        assertThat(stats.<List<Integer>>path("items.sessions")).containsExactly(1, 1, 2, 1);
        // The turn at 13:00 counts in the hour in which its session started.
        assertThat(stats.<List<Integer>>path("items.turnCount")).containsExactly(1, 1, 3, 1);
        assertThat(stats.<Map<String, Integer>>path("items[2].turnsByRole"))
                .isEqualTo(Map.of("user", 2, "tool", 1));
        assertThat(stats.<List<Integer>>path("items.errorCount")).containsExactly(0, 0, 1, 0);
        assertThat(stats.<List<Integer>>path("items.usage.outputTokens"))
                .containsExactly(0, 4, 0, 0);
        assertThat(stats.<List<Integer>>path("items.latency.count")).containsExactly(0, 0, 1, 0);
        assertThat(stats.<List<String>>path("items.start"))
                .containsExactly(
                        "2002-04-04T10:00:00Z",
                        "2002-04-04T10:00:00Z",
                        "2002-04-04T10:00:00Z",
                        "2002-04-04T11:00:00Z");
        assertThat(ofOneChannel.<List<Object>>path("items"))
                .isEqualTo(List.of(stats.<List<Object>>path("items").get(1)));
    }

    @Test
    void stats_byDay_haveAnItemForEachDayThatTheRangeOverlaps() throws Exception {
        apply(
                at("stats-d-1", "2002-05-04T00:00:00Z").turn("t-1", ""),
                at("stats-d-2", "2002-05-04T23:59:59.999Z").turn("t-1", ""),
                at("stats-d-3", "2002-05-06T10:00:00Z").turn("t-1", ""));

        Response stats = stats("?interval=day&from=2002-05-04T12:00:00Z&to=2002-05-06T00:00:01Z");

        assertThat(OpenApi.served().errors("Stats", stats.asString())).isEmpty();
        assertThat(stats.<String>path("interval")).isEqualTo("day");
        assertThat(stats.<String>path("from")).isEqualTo("2002-05-04T00:00:00Z");
        assertThat(stats.<String>path("to")).isEqualTo("2002-05-07T00:00:00Z");
        assertThat(stats.<List<String>>path("items.start"))
                .containsExactly(
                        "2002-05-04T00:00:00Z", "2002-05-05T00:00:00Z", "2002-05-06T00:00:00Z");
        assertThat(stats.<List<Integer>>path("items.sessions")).containsExactly(2, 0, 1);
    }

    @Test
    void stats_withoutSessions_areZeroForEachInterval() throws Exception {
        String range = "from=2002-06-04&to=2002-06-05";

        Response stats = stats("?" + range);
        Response byChannel = stats("?by=channel&" + range);

        assertThat(OpenApi.served().errors("Stats", stats.asString())).isEmpty();
        List<Map<String, Object>> items = stats.path("items");
        assertThat(items)
                .hasSize(24)
                .allSatisfy(
                        item ->
                                assertThat(item)
                                        .containsEntry("sessions", 0)
                                        .containsEntry("turnCount", 0)
                                        .containsEntry("turnsByRole", Map.of())
                                        .doesNotContainKey("channel"));
        assertThat(items.getFirst()).containsEntry("start", "2002-06-04T00:00:00Z");
        assertThat(items.getLast()).containsEntry("start", "2002-06-04T23:00:00Z");
        assertThat(byChannel.<List<Object>>path("items")).isEmpty();
    }

    @Test
    void stats_ofATooLongRange_areRefusedWithTheReason() {
        given().get("/stats?from=2002-07-01&to=2002-07-08T00:00:00.001Z")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body(
                        "detail",
                        equalTo(
                                "from and to must not be more than 7 days apart: every session in"
                                        + " that time is read"));
    }

    @Test
    void stats_ofAPastHour_areReadOnceAndCached() {
        apply(at("stats-m-1", "2002-08-04T10:00:00Z").channel("web").turn("t-1", ""));
        String range = "?from=2002-08-04T10:00:00Z&to=2002-08-04T11:00:00Z";

        double before = unitsOfQueries();
        Response first = stats(range);
        double afterFirst = unitsOfQueries();
        Response second = stats(range + "&channel=web");
        double afterSecond = unitsOfQueries();

        assertThat(afterFirst).isGreaterThan(before);
        assertThat(afterSecond).isEqualTo(afterFirst);
        assertThat(first.<List<Integer>>path("items.sessions")).containsExactly(1);
        assertThat(second.<List<Integer>>path("items.sessions")).containsExactly(1);
    }

    /** Returns the read units of all queries so far. No other queries run during a test. */
    private static double unitsOfQueries() {
        return Metrics.of(given().get("/q/metrics").asString())
                .capacityUnits("operation=\"Query\"");
    }

    private static Response stats(String query) {
        Response stats = given().urlEncodingEnabled(false).get("/stats" + query);
        assertThat(stats.statusCode()).as(stats.asString()).isEqualTo(200);
        return stats;
    }

    private static EventBuilder at(String sessionId, String time) {
        return event(sessionId).at(Instant.parse(time));
    }

    private void apply(SessionEvent... events) {
        SessionFixture.apply(sessions, List.of(events));
    }
}
