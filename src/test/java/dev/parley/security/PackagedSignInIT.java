package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.ServiceProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Signing in to the page of the jar as it is deployed: behind something that ends TLS. */
@Tag("packaged")
@Tag("slow")
class PackagedSignInIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String KEEPING = "quarkus.oidc.page.token-state-manager.encryption-secret";
    private static final String KEY = "MARK of what the cookies are kept with";

    @Test
    void browser_isLedOverHttpsOnly_andNothingOfItIsLogged() throws Exception {
        try (TokenIssuer issuer = TokenIssuer.start();
                ServiceProcess service = ServiceProcess.start(settings(issuer, KEY))) {
            URI signIn = service.uriForReaders("/ui/sign-in");
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> get(signIn, "").statusCode() == 302);
            // Lists wait for the table and its indexes.
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> service.get("/q/health/ready").statusCode() == 200);

            HttpResponse<String> begun = get(signIn, "");
            String provider = location(begun);
            assertThat(provider).contains("redirect_uri=https%3A%2F%2F");
            HttpResponse<String> back =
                    get(URI.create(provider.replace("/authorize?", "/login?name=analyst&")), "");
            String answer = URI.create(location(back)).getRawQuery();
            HttpResponse<String> signedIn = get(URI.create(signIn + "?" + answer), cookie(begun));
            HttpResponse<String> sessions =
                    get(service.uriForReaders("/sessions"), cookie(signedIn));
            HttpResponse<String> page = get(service.uriForReaders("/ui/"), "");
            service.terminate();
            service.awaitExit(PATIENCE);

            assertThat(location(back)).startsWith("https://");
            for (HttpResponse<String> response : List.of(begun, signedIn)) {
                assertThat(response.headers().allValues("Set-Cookie").getLast())
                        .contains("; Secure")
                        .contains("; HTTPOnly")
                        .contains("; SameSite=Lax");
            }
            assertThat(sessions.statusCode()).isEqualTo(200);
            assertThat(page.statusCode()).isEqualTo(200);
            String code = answer.replaceFirst(".*code=([^&]+).*", "$1");
            assertThat(service.output())
                    .contains("The page signs readers in as the client parley-page")
                    .doesNotContain("MARK", CodeFlow.SECRET, code, cookie(begun), cookie(signedIn));
        }
    }

    @Test
    void service_thatCouldNotKeepWhoSignedIn_doesNotStart() throws Exception {
        try (TokenIssuer issuer = TokenIssuer.start();
                ServiceProcess service = ServiceProcess.start(settings(issuer, "too short"))) {
            assertThat(service.awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(service.output())
                    .contains("set " + KEEPING + " to a text of 32 characters or more");
        }
    }

    private static Map<String, String> settings(TokenIssuer issuer, String key) {
        String name = "signed-in-" + UUID.randomUUID();
        Map<String, String> settings = new HashMap<>();
        settings.put("parley.table.name", name);
        settings.put("parley.table.mode", "create");
        settings.put("mp.messaging.incoming.turns.group.id", name);
        settings.put("parley.security.anonymous", "false");
        settings.put("parley.ui.enabled", "true");
        settings.put("quarkus.oidc.auth-server-url", issuer.url());
        settings.put("quarkus.oidc.page.client-id", CodeFlow.CLIENT);
        settings.put("quarkus.oidc.page.credentials.secret", CodeFlow.SECRET);
        settings.put(KEEPING, key);
        settings.put("quarkus.log.level", "ALL");
        return settings;
    }

    private static HttpResponse<String> get(URI uri, String cookie) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("Location").orElseThrow();
    }

    /** The last one that it sets: what comes before is taken away. */
    private static String cookie(HttpResponse<String> response) {
        return response.headers().allValues("Set-Cookie").getLast().replaceFirst(";.*", "");
    }
}
