package dev.parley.api;

import static io.restassured.RestAssured.given;

import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tokens that the service issued. They replace their names in the text of a request: <code>
 * {turns}</code> is the token of a list of turns, and <code>{turns edited at 3}</code> is the same
 * token with a change in byte 3.
 */
record IssuedTokens(Map<String, String> byName) {

    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\{(turns|sessions|event)( edited at (\\d+))?}");
    private static final String ID = "id:";

    /**
     * Requests the tokens of a session that has at least two turns, and of a user who has at least
     * two sessions.
     */
    static IssuedTokens of(String sessionId, String userId) throws IOException {
        return new IssuedTokens(
                Map.of(
                        "turns",
                        nextPageToken("/sessions/" + sessionId + "/turns?limit=1"),
                        "sessions",
                        nextPageToken("/sessions?userId=" + userId + "&limit=1"),
                        "event",
                        eventId(sessionId)));
    }

    private static String nextPageToken(String path) {
        return Objects.requireNonNull(given().get(path).path("nextPageToken"));
    }

    private static String eventId(String sessionId) throws IOException {
        URI events =
                URI.create(
                        "http://localhost:%d/sessions/%s/events"
                                .formatted(RestAssured.port, sessionId));
        try (HttpClient client = HttpClient.newHttpClient();
                Stream<String> lines =
                        client.send(HttpRequest.newBuilder(events).build(), BodyHandlers.ofLines())
                                .body()) {
            String token =
                    lines.filter(line -> line.startsWith(ID))
                            .findFirst()
                            .orElseThrow()
                            .substring(ID.length())
                            .strip();
            client.shutdownNow();
            return token;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    String withTokens(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(this::token);
    }

    private String token(MatchResult placeholder) {
        String token = Objects.requireNonNull(byName.get(placeholder.group(1)));
        String result =
                placeholder.group(3) == null
                        ? token
                        : edit(token, Integer.parseInt(placeholder.group(3)));
        return Matcher.quoteReplacement(result);
    }

    static String edit(String token, int at) {
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        bytes[at] ^= 1;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
