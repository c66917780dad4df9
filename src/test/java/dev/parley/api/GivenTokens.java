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
 * Tokens that the service has given out, to be put in place of their names: <code>{turns}</code>,
 * or <code>{turns edited at 3}</code> for one with another byte of that number.
 */
record GivenTokens(Map<String, String> byName) {

    private static final Pattern NAMED =
            Pattern.compile("\\{(turns|sessions|event)( edited at (\\d+))?}");
    private static final String ID = "id:";

    /** Those of a session with two turns at least, and of a user with two sessions. */
    static GivenTokens of(String sessionId, String userId) throws IOException {
        return new GivenTokens(
                Map.of(
                        "turns",
                        next("/sessions/" + sessionId + "/turns?limit=1"),
                        "sessions",
                        next("/sessions?userId=" + userId + "&limit=1"),
                        "event",
                        event(sessionId)));
    }

    private static String next(String path) {
        return Objects.requireNonNull(given().get(path).path("nextPageToken"));
    }

    private static String event(String sessionId) throws IOException {
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

    String filledIn(String text) {
        return NAMED.matcher(text).replaceAll(this::token);
    }

    private String token(MatchResult named) {
        String token = Objects.requireNonNull(byName.get(named.group(1)));
        String edited =
                named.group(3) == null ? token : edited(token, Integer.parseInt(named.group(3)));
        return Matcher.quoteReplacement(edited);
    }

    static String edited(String token, int at) {
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        bytes[at] ^= 1;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
