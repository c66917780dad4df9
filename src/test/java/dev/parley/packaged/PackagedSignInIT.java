package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.ServiceProcess;
import dev.parley.security.CodeFlow;
import dev.parley.security.TokenIssuer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests how readers sign in to the UI of the packaged service behind a proxy that ends TLS. */
@Tag("packaged")
@Tag("slow")
class PackagedSignInIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String SECRET_PROPERTY =
            "quarkus.oidc.page.token-state-manager.encryption-secret";
    private static final String KEY = "MARK of the secret that encrypts the cookies";

    @Test
    void signIn_behindATlsProxy_usesHttpsAndLogsNoSecret() throws Exception {
        try (TokenIssuer issuer = TokenIssuer.start();
                ServiceProcess service = ServiceProcess.start(settings(issuer, KEY))) {
            URI signIn = service.uriForReaders("/ui/sign-in");
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(() -> get(signIn, "").statusCode() == 302);
            HttpResponse<String> toProvider = get(signIn, "");
            String providerUrl = location(toProvider);
            assertThat(providerUrl).contains("redirect_uri=https%3A%2F%2F");
            HttpResponse<String> fromProvider =
                    get(URI.create(providerUrl.replace("/authorize?", "/login?name=analyst&")), "");
            String callbackQuery = URI.create(location(fromProvider)).getRawQuery();
            HttpResponse<String> signedIn =
                    get(URI.create(signIn + "?" + callbackQuery), cookie(toProvider));
            // A list of sessions needs the table and its indexes.
            HttpResponse<String> sessions =
                    await().atMost(TIMEOUT)
                            .until(
                                    () -> get(service.uriForReaders("/sessions"), cookie(signedIn)),
                                    response -> response.statusCode() != 503);
            HttpResponse<String> ui = get(service.uriForReaders("/ui/"), "");
            service.terminate();
            service.awaitExit(TIMEOUT);

            assertThat(location(fromProvider)).startsWith("https://");
            for (HttpResponse<String> response : List.of(toProvider, signedIn)) {
                assertThat(response.headers().allValues("Set-Cookie").getLast())
                        .contains("; Secure")
                        .contains("; HTTPOnly")
                        .contains("; SameSite=Lax");
            }
            assertThat(sessions.statusCode()).isEqualTo(200);
            assertThat(ui.statusCode()).isEqualTo(200);
            String code = callbackQuery.replaceFirst(".*code=([^&]+).*", "$1");
            assertThat(service.output())
                    .contains("The UI signs readers in as the client parley-page")
                    .doesNotContain(
                            "MARK", CodeFlow.SECRET, code, cookie(toProvider), cookie(signedIn));
        }
    }

    @Test
    void service_withATooShortSecretForCookies_doesNotStart() throws Exception {
        try (TokenIssuer issuer = TokenIssuer.start();
                ServiceProcess service = ServiceProcess.start(settings(issuer, "too short"))) {
            assertThat(service.awaitExit(TIMEOUT)).isEqualTo(1);
            assertThat(service.output())
                    .contains("set " + SECRET_PROPERTY + " to a text of 32 characters or more");
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
        settings.put(SECRET_PROPERTY, key);
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

    /**
     * Returns the last cookie that the response sets. The cookies before it are deleted by the
     * response.
     */
    private static String cookie(HttpResponse<String> response) {
        return response.headers().allValues("Set-Cookie").getLast().replaceFirst(";.*", "");
    }
}
