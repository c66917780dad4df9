package dev.parley.api;

import static dev.parley.session.EventBuilder.event;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.local.LocalParley;
import dev.parley.session.EventBuilder;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionWriter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests lists of turns. The session {@code turns-60} has the turns t-0 to t-59, one second apart,
 * in several pages.
 */
@QuarkusTest
@WithTestResource(LocalParley.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // so that @BeforeAll can use the writer
class TurnsResourceTest {

    private static final String SESSION = "turns-60";
    private static final int TURNS = 60;

    /** The number of random bytes in a turn, which can't be compressed. */
    private static final int RANDOM_BYTES = 400;

    @Inject SessionWriter sessions;

    @BeforeAll
    void storeTurns() {
        Random random = new Random(SESSION.hashCode());
        byte[] randomBytes = new byte[RANDOM_BYTES];
        SessionEvent[] turns = new SessionEvent[TURNS];
        for (int i = 0; i < TURNS; i++) {
            random.nextBytes(randomBytes);
            turns[i] = event(SESSION).at(i).turn("t-" + i, HexFormat.of().formatHex(randomBytes));
        }
        apply(turns);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 60", "10, 50", "0, 1", "59, 60", "29, 31", "30, 30", "-5, 7", "53, 99", "60, 99"
    })
    void turns_ofATimeRange_areCompleteInEitherOrder(int from, int to) {
        String range =
                "&from="
                        + EventBuilder.START.plusSeconds(from)
                        + "&to="
                        + EventBuilder.START.plusSeconds(to);
        List<String> expected =
                IntStream.range(Math.max(0, from), Math.min(TURNS, to))
                        .mapToObj(i -> "t-" + i)
                        .toList();

        for (int limit : new int[] {1, 7, 500}) {
            assertThat(readAll("order=asc&limit=" + limit + range)).isEqualTo(expected);
            assertThat(readAll("order=desc&limit=" + limit + range)).isEqualTo(expected.reversed());
        }
        assertThat(readStream(range)).hasSameSizeAs(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T10:00:10.000000001Z, 2026-11-22T10:00:12.000000001Z, 't-11,t-12'",
        "2026-11-22T11:00:10%2B01:00, 2026-11-22T09:00:12-01:00, 't-10,t-11'",
    })
    void turns_ofATimeRange_includeItsStartAndExcludeItsEnd(
            String from, String to, String expected) {
        List<String> turns = readAll("limit=7&from=" + from + "&to=" + to);

        assertThat(turns).containsExactly(expected.split(","));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void session_readConsistentlyOrNot_hasItsTurns(String consistent) {
        String id = "consistent-" + consistent;
        apply(event(id).turn("t-1", "hi"));

        Response session = given().get("/sessions/{id}?consistent={c}", id, consistent);
        Response turns = given().get("/sessions/{id}/turns?consistent={c}", id, consistent);

        assertThat(session.statusCode()).isEqualTo(200);
        assertThat(session.<List<String>>path("turns.turnId")).containsExactly("t-1");
        assertThat(turns.statusCode()).isEqualTo(200);
        assertThat(turns.<List<String>>path("items.turnId")).containsExactly("t-1");
    }

    @Test
    void turns_readConsistently_areTheSameInParts() {
        List<String> turns = readAll("limit=7&consistent=true");

        assertThat(turns).isEqualTo(readAll("limit=500"));
        assertThat(turns).hasSize(TURNS);
    }

    @Test
    void response_forAClientThatAcceptsGzip_isCompressed() throws Exception {
        URI turns =
                URI.create(
                        "http://localhost:%d/sessions/%s/turns?limit=60"
                                .formatted(RestAssured.port, SESSION));

        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> plain =
                    client.send(HttpRequest.newBuilder(turns).build(), BodyHandlers.ofByteArray());
            HttpResponse<byte[]> gzip =
                    client.send(
                            HttpRequest.newBuilder(turns).header("Accept-Encoding", "gzip").build(),
                            BodyHandlers.ofByteArray());

            assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(gzip.headers().firstValue("Content-Encoding")).hasValue("gzip");
            assertThat(gzip.body().length).isLessThan(plain.body().length * 3 / 4);
            assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes())
                    .asString(UTF_8)
                    .isEqualTo(new String(plain.body(), UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            */*                                           | application/json
            application/json, application/x-ndjson        | application/json
            application/x-ndjson, */*;q=0.1               | application/x-ndjson
            application/json;q=0.5, application/x-ndjson  | application/x-ndjson
            text/html, application/x-ndjson;q=0.1         | application/x-ndjson
            application/*                                 | application/json
            """)
    void turns_inTwoMediaTypes_areServedInThePreferredOne(String accept, String expected) {
        Response turns = given().header("Accept", accept).get("/sessions/{id}/turns", SESSION);

        assertThat(turns.statusCode()).isEqualTo(200);
        assertThat(turns.contentType()).startsWith(expected);
    }

    @Test
    void origin_byDefault_mayNotReadResponses() {
        Response response =
                given().header("Origin", "https://board.example").get("/sessions/{id}", SESSION);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().asList())
                .noneMatch(header -> header.getName().startsWith("Access-Control"));
    }

    private static List<String> readAll(String query) {
        List<String> ids = new ArrayList<>();
        String token = "";
        while (token != null) {
            Response part =
                    given().urlEncodingEnabled(false)
                            .get(
                                    "/sessions/"
                                            + SESSION
                                            + "/turns?"
                                            + query
                                            + (token.isEmpty() ? "" : "&pageToken=" + token));
            assertThat(part.statusCode()).as(part.asString()).isEqualTo(200);
            ids.addAll(part.path("items.turnId"));
            token = part.path("nextPageToken");
        }
        return ids;
    }

    private static List<String> readStream(String range) {
        return given().urlEncodingEnabled(false)
                .header("Accept", "application/x-ndjson")
                .get("/sessions/" + SESSION + "/turns?order=asc" + range)
                .asString()
                .lines()
                .toList();
    }

    private void apply(SessionEvent... events) {
        SessionFixture.apply(sessions, List.of(events));
    }
}
