package dev.parley.security;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.local.LocalParley;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionWriter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests each endpoint with each {@link Credential}. The tokens are real, and the service verifies
 * them with keys that it requests over HTTP.
 */
@Tag("security")
@QuarkusTest
@WithTestResource(LocalParley.class)
@WithTestResource(SecuredParley.class)
class ReadAccessIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String owner = "owner-" + UUID.randomUUID();
    private final String otherUser = owner + "'s neighbour";

    @Inject SessionWriter sessions;

    @SuppressWarnings("NullAway.Init") // Quarkus sets it.
    @TestHTTPResource
    URI service;

    @SuppressWarnings("NullAway.Init") // SecuredParley sets it.
    TokenIssuer issuer;

    @BeforeEach
    void storeSessions() {
        apply(event("of-" + owner).userId(owner).channel(owner).turn("t-1", "mine"));
        apply(event("of-" + otherUser).userId(otherUser).channel(owner).turn("t-1", "theirs"));
        apply(event("of-nobody").turn("t-1", "whose?"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            useHeadersInDisplayName = true,
            textBlock =
                    """
            path                                   | none | invalid | owner | other | reader
            /                                      | 200  | 401     | 200   | 200   | 200
            /openapi                               | 200  | 401     | 200   | 200   | 200
            /asyncapi                              | 200  | 401     | 200   | 200   | 200
            /sessions                              | 401  | 401     | 200   | 200   | 200
            /sessions?userId=OWNER                 | 401  | 401     | 200   | 200   | 200
            /sessions?limit=many                   | 401  | 401     | 400   | 400   | 400
            /sessions/of-OWNER                     | 401  | 401     | 200   | 404   | 200
            /sessions/of-OWNER?turns=none          | 401  | 401     | 200   | 404   | 200
            /sessions/of-OWNER?consistent=true     | 401  | 401     | 200   | 404   | 200
            /sessions/of-OWNER/turns               | 401  | 401     | 200   | 404   | 200
            /sessions/of-OWNER/turns?order=desc    | 401  | 401     | 200   | 404   | 200
            /sessions/of-OWNER/turns as x-ndjson   | 401  | 401     | 200   | 404   | 200
            /sessions/of-OWNER/events              | 401  | 401     | 200   | 404   | 200
            /sessions/of-nobody                    | 401  | 401     | 404   | 404   | 200
            /sessions/of-nobody/turns              | 401  | 401     | 404   | 404   | 200
            /sessions/of-nobody/turns as x-ndjson  | 401  | 401     | 404   | 404   | 200
            /sessions/of-nobody/events             | 401  | 401     | 404   | 404   | 200
            /sessions/absent                       | 401  | 401     | 404   | 404   | 404
            /stats                                 | 401  | 401     | 403   | 403   | 200
            /nowhere                               | 401  | 401     | 404   | 404   | 404
            /q/metrics                             | 401  | 401     | 200   | 200   | 200
            /q/openapi                             | 401  | 401     | 200   | 200   | 200
            //sessions/of-OWNER                    | 401  | 401     | 200   | 404   | 200
            /sessions//of-OWNER                    | 401  | 401     | 200   | 404   | 200
            /./sessions/of-OWNER                   | 401  | 401     | 200   | 404   | 200
            /openapi/../sessions/of-OWNER          | 401  | 401     | 200   | 404   | 200
            /openapi;/                             | 401  | 401     | 200   | 200   | 200
            /%73essions/of-OWNER                   | 401  | 401     | 200   | 404   | 200
            /sessions/page                         | 401  | 401     | 404   | 404   | 404
            /ui/                                   | 200  | 401     | 200   | 200   | 200
            /ui/sessions.js                        | 200  | 401     | 200   | 200   | 200
            /ui/reader                             | 200  | 401     | 200   | 200   | 200
            /ui/../sessions/of-OWNER               | 401  | 401     | 200   | 404   | 200
            /ui/%2e%2e/sessions/of-OWNER           | 401  | 401     | 200   | 404   | 200
            /webjars/../sessions/of-OWNER          | 401  | 401     | 200   | 404   | 200
            """)
    void path_withEachCredential_hasTheExpectedStatus(
            String path, int none, int invalid, int ofOwner, int ofOther, int reader)
            throws Exception {
        Map<Credential, Integer> expected = new EnumMap<>(Credential.class);
        Map<Credential, Integer> actual = new EnumMap<>(Credential.class);

        for (Credential credential : Credential.values()) {
            expected.put(
                    credential,
                    switch (credential) {
                        case NONE, BASIC, EMPTY -> none;
                        case OWNER, SCOPED -> ofOwner;
                        case OTHER_USER -> ofOther;
                        case READER, READER_BY_GROUP, READER_OF_REALM -> reader;
                        default -> invalid;
                    });
            actual.put(credential, status(path, credential));
        }

        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 404", "OPTIONS, 200", "POST, 405", "DELETE, 405"})
    void method_ofAnyKind_requiresAToken(String method, int forOthers) throws Exception {
        String path = "/sessions/of-" + owner;

        assertThat(send(method, path, Credential.NONE).statusCode()).isEqualTo(401);
        assertThat(send(method, path, Credential.EXPIRED).statusCode()).isEqualTo(401);
        assertThat(send(method, path, Credential.OTHER_USER).statusCode()).isEqualTo(forOthers);
    }

    /** Only the path of the UI that signs readers in redirects to the provider. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "q_session_page=made-up",
                "q_session_page_chunk_1=made; q_session_page_chunk_2=up",
                "q_session=made-up",
                "q_session_Default=made-up",
                "q_auth_page_1=made-up",
                "q_auth=made-up"
            })
    void cookie_thatIsForged_isNotAccepted(String cookie) throws Exception {
        for (String path : List.of("/sessions", "/sessions/of-" + owner, "/sessions/page")) {
            HttpResponse<String> refused =
                    HTTP.send(
                            request("GET", path, Credential.NONE).header("Cookie", cookie).build(),
                            BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(refused.headers().firstValue("Location")).isEmpty();

            HttpResponse<String> withToken =
                    HTTP.send(
                            request("GET", path, Credential.READER)
                                    .header("Cookie", cookie)
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(withToken.statusCode()).isIn(200, 404);
        }
    }

    /** A browser sends its preflight request without a token. */
    @Test
    void dashboard_ofAnAllowedOrigin_maySendATokenAndReadTheStatus() throws Exception {
        HttpRequest.Builder preflight =
                request("OPTIONS", "/sessions", Credential.NONE)
                        .header("Origin", SecuredParley.DASHBOARD_ORIGIN)
                        .header("Access-Control-Request-Method", "GET")
                        .header("Access-Control-Request-Headers", "authorization");
        HttpRequest.Builder read =
                request("GET", "/sessions", Credential.NONE)
                        .header("Origin", SecuredParley.DASHBOARD_ORIGIN);

        HttpResponse<InputStream> preflightResponse =
                HTTP.send(preflight.build(), BodyHandlers.ofInputStream());
        HttpResponse<InputStream> refused = HTTP.send(read.build(), BodyHandlers.ofInputStream());

        assertThat(preflightResponse.statusCode()).isEqualTo(200);
        assertThat(preflightResponse.headers().firstValue("Access-Control-Allow-Headers"))
                .contains("authorization");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin"))
                .contains(SecuredParley.DASHBOARD_ORIGIN);
    }

    @Test
    void problem_withoutAToken_statesWhatIsNeeded() throws Exception {
        HttpResponse<InputStream> without = send("GET", "/sessions", Credential.NONE);
        HttpResponse<InputStream> expired = send("GET", "/sessions", Credential.EXPIRED);

        assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(expired.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer error=\"invalid_token\"");
        assertThat(without.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(json(without)).isEqualTo(json(expired));
        assertThat(json(send("GET", "/sessions", Credential.UNSIGNED)).get("detail").asText())
                .contains("a bearer token is needed");
    }

    @Test
    void session_ofAnotherUser_looksLikeAMissingSession() throws Exception {
        HttpResponse<InputStream> hidden =
                send("GET", "/sessions/of-" + owner, Credential.OTHER_USER);
        HttpResponse<InputStream> absent =
                send("GET", "/sessions/no-" + owner, Credential.OTHER_USER);

        HttpRequest conditional =
                request("GET", "/sessions/of-" + owner, Credential.OTHER_USER)
                        .header("If-None-Match", "\"1\"")
                        .build();
        assertThat(HTTP.send(conditional, BodyHandlers.ofInputStream()).statusCode())
                .isEqualTo(404);
        assertThat(text(hidden)).isEqualTo(text(absent).replace("no-" + owner, "of-" + owner));
        assertThat(hidden.headers().map().keySet()).isEqualTo(absent.headers().map().keySet());
    }

    @Test
    void list_withoutTheRoleOfAReader_containsOnlyTheCallersSessions() throws Exception {
        assertThat(listed("/sessions", Credential.OWNER)).containsExactly("of-" + owner);
        assertThat(listed("/sessions?from=2026-11-01&to=2026-12-01", Credential.OWNER))
                .containsExactly("of-" + owner);
        assertThat(listed("/sessions?userId=OWNER", Credential.OWNER))
                .containsExactly("of-" + owner);
        assertThat(listed("/sessions?userId=OWNER", Credential.OTHER_USER)).isEmpty();
        assertThat(listed("/sessions?userId=OWNER", Credential.READER))
                .containsExactly("of-" + owner);
        assertThat(
                        listed(
                                "/sessions?from=2026-11-22&to=2026-11-23&channel=OWNER",
                                Credential.READER))
                .containsExactlyInAnyOrder("of-" + owner, "of-" + otherUser);
    }

    @Test
    void pageToken_ofACaller_isInvalidForOtherCallers() throws Exception {
        apply(event("second-" + owner).userId(owner).turn("t-1", "more"));
        String list = "/sessions?userId=" + owner + "&limit=1";

        String token = json(send("GET", list, Credential.OWNER)).get("nextPageToken").asText();

        String next = list + "&pageToken=" + token;
        assertThat(status(next, Credential.OWNER)).isEqualTo(200);
        assertThat(status(next, Credential.READER)).isEqualTo(400);
        assertThat(status(next, Credential.OTHER_USER)).isEqualTo(400);
    }

    private List<String> listed(String path, Credential credential) throws Exception {
        return json(send("GET", path, credential)).get("items").findValuesAsText("sessionId");
    }

    private int status(String path, Credential credential) throws Exception {
        HttpResponse<InputStream> response = send("GET", path, credential);
        // A stream of events would not end.
        response.body().close();
        return response.statusCode();
    }

    private HttpResponse<InputStream> send(String method, String path, Credential credential)
            throws Exception {
        return HTTP.send(request(method, path, credential).build(), BodyHandlers.ofInputStream());
    }

    private HttpRequest.Builder request(String method, String path, Credential credential) {
        String[] pathAndFormat = path.replace("OWNER", owner).split(" as ", 2);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(baseUrl() + pathAndFormat[0]))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .timeout(TIMEOUT);
        if (pathAndFormat.length > 1) {
            request.header("Accept", "application/" + pathAndFormat[1]);
        }
        credential
                .header(issuer, owner)
                .ifPresent(header -> request.header("Authorization", header));
        return request;
    }

    private String baseUrl() {
        return "http://" + service.getAuthority();
    }

    private void apply(SessionEvent event) {
        sessions.apply(event.sessionId(), List.of(event)).await().atMost(TIMEOUT);
    }

    private static JsonNode json(HttpResponse<InputStream> response) throws IOException {
        return JSON.readTree(text(response));
    }

    private static String text(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
