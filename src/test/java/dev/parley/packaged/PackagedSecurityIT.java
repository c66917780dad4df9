package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LogLines;
import dev.parley.local.Ports;
import dev.parley.local.SelfSignedCertificate;
import dev.parley.local.ServiceProcess;
import dev.parley.security.TokenIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which requests the packaged service admits, and with which settings it starts. */
@Tag("packaged")
@Tag("slow")
class PackagedSecurityIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void service_withoutAProvider_endsWithAMessageThatNamesTheSettings() throws Exception {
        try (ServiceProcess service = ServiceProcess.start(withoutAnonymousAccess(Map.of()))) {
            assertThat(service.awaitExit(TIMEOUT)).isEqualTo(1);
            assertThat(service.output())
                    .contains(
                            "set quarkus.oidc.auth-server-url to the URL of the OpenID provider"
                                    + " that issues them")
                    .contains("parley.security.anonymous=true");
        }
    }

    @Test
    void service_withoutAnIssuerOrAnAudience_doesNotStart() throws Exception {
        Map<String, String> withoutIssuer =
                Map.of(
                        "quarkus.oidc.auth-server-url", "http://127.0.0.1:9",
                        "quarkus.oidc.discovery-enabled", "false",
                        "quarkus.oidc.jwks-path", "/keys");
        Map<String, String> withoutAudience =
                Map.of(
                        "quarkus.oidc.auth-server-url", "http://127.0.0.1:9",
                        "quarkus.oidc.token.audience", "");
        try (ServiceProcess first = ServiceProcess.start(withoutAnonymousAccess(withoutIssuer));
                ServiceProcess second =
                        ServiceProcess.start(withoutAnonymousAccess(withoutAudience))) {
            assertThat(first.awaitExit(TIMEOUT)).isEqualTo(1);
            assertThat(first.output()).contains("set quarkus.oidc.token.issuer");
            assertThat(second.awaitExit(TIMEOUT)).isEqualTo(1);
            assertThat(second.output()).contains("set quarkus.oidc.token.audience");
        }
    }

    @Test
    void service_withAnonymousAccess_logsAWarningAtTheStart() throws Exception {
        try (ServiceProcess service = ServiceProcess.start(onNewTable())) {
            awaitSuccess(service.uri("/q/health/ready"));

            assertThat(service.output())
                    .containsPattern("\"WARN\".*parley\\.security\\.anonymous=true");
            awaitSuccess(service.uri("/sessions"));
        }
    }

    @Test
    void service_withAManagementPort_separatesReadersFromOperators() throws Exception {
        try (TokenIssuer issuer = TokenIssuer.start();
                ServiceProcess service = startWithIssuer(issuer.url())) {
            String reader = issuer.tokenOf("r-1").withRoleOfReaders().text();
            // Readiness is not enough: only the complete health check waits for the consumer group.
            awaitSuccess(service.uriForOperators("/q/health"));

            assertThat(service.output())
                    .contains("a token that " + issuer.url() + " issued for the audience parley");
            for (String path : List.of("/q/health", "/q/metrics", "/q/openapi")) {
                HttpResponse<String> forOperators = get(service.uriForOperators(path));
                assertThat(forOperators.statusCode()).as(path).isEqualTo(200);
                assertThat(forOperators.headers().firstValue("X-Content-Type-Options"))
                        .contains("nosniff");
                assertThat(get(service.uriForReaders(path)).statusCode()).as(path).isEqualTo(401);
                assertThat(get(service.uriForReaders(path), reader).statusCode())
                        .as(path)
                        .isEqualTo(404);
            }
            for (String path :
                    List.of("/q/swagger-ui", "/q/dev-ui", "/q/dev", "/q/arc", "/q/health-ui")) {
                assertThat(get(service.uriForOperators(path)).statusCode()).as(path).isEqualTo(404);
                assertThat(get(service.uriForReaders(path), reader).statusCode())
                        .as(path)
                        .isEqualTo(404);
            }
            assertThat(get(service.uriForOperators("/sessions")).statusCode()).isEqualTo(404);
            assertThat(get(service.uriForReaders("/sessions")).statusCode()).isEqualTo(401);
            assertThat(get(service.uriForReaders("/openapi")).body()).contains("openapi: 3.1.0");
            // On a busy machine, the first list may take longer than a request may.
            HttpResponse<String> sessions =
                    await().atMost(TIMEOUT)
                            .until(
                                    () -> get(service.uriForReaders("/sessions"), reader),
                                    response -> response.statusCode() == 200);
            assertThat(sessions.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(sessions.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(sessions.headers().firstValue("Strict-Transport-Security")).isEmpty();
            assertThat(LogLines.messages(service, "dev.parley.audit"))
                    .anyMatch(line -> line.startsWith("{\"who\":\"r-1\",\"read\":\"list\""));
        }
    }

    /**
     * Until the provider is available, the service consumes records, and readers get the status
     * 503.
     */
    @Test
    void service_whoseProviderIsUnavailable_startsAndAdmitsReadersOnceItIsAvailable()
            throws Exception {
        TokenIssuer stopped = TokenIssuer.start();
        URI address = URI.create(stopped.url());
        String earlyToken = stopped.tokenOf("r-1").text();
        stopped.close();
        try (ServiceProcess service = startWithIssuer(address.toString())) {
            awaitSuccess(service.uri("/q/health/ready"));

            HttpResponse<String> meanwhile = get(service.uri("/sessions"), earlyToken);

            assertThat(meanwhile.statusCode()).isEqualTo(503);
            assertThat(meanwhile.headers().firstValue("Retry-After")).isPresent();
            assertThat(meanwhile.body()).contains("provider of tokens can't be reached");

            try (TokenIssuer issuer = TokenIssuer.startAt(address.getPort())) {
                String token = issuer.tokenOf("r-1").text();
                await().atMost(TIMEOUT)
                        .until(() -> get(service.uri("/sessions"), token).statusCode() == 200);
            }
        }
    }

    @Test
    void client_thatDoesNotCompleteItsRequest_isDisconnected() throws Exception {
        Map<String, String> settings = new HashMap<>(onNewTable());
        settings.put("quarkus.http.idle-timeout", "2s");
        try (ServiceProcess service = ServiceProcess.start(settings)) {
            awaitSuccess(service.uri("/q/health/ready"));
            URI reader = service.uriForReaders("/");
            awaitOpen(reader.getPort());
            try (Socket slow = new Socket(reader.getHost(), reader.getPort())) {
                slow.setSoTimeout((int) TIMEOUT.toMillis());
                slow.getOutputStream().write("GET / HTTP/1.1\r\nHost: a".getBytes(US_ASCII));

                assertThat(slow.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void service_overTls_sendsTheHeaderStrictTransportSecurity(@TempDir Path folder)
            throws Exception {
        int port = Ports.free();
        Path keyStore = SelfSignedCertificate.keyStore(folder);
        Map<String, String> settings = new HashMap<>(onNewTable());
        settings.put("quarkus.http.ssl.certificate.key-store-file", keyStore.toString());
        settings.put(
                "quarkus.http.ssl.certificate.key-store-password", SelfSignedCertificate.PASSWORD);
        settings.put("quarkus.http.ssl-port", "" + port);
        settings.put("quarkus.http.insecure-requests", "disabled");
        try (ServiceProcess service = ServiceProcess.start(settings);
                HttpClient trusting =
                        HttpClient.newBuilder().sslContext(trusting(keyStore)).build()) {
            awaitSuccess(service.uri("/q/health/ready"));
            awaitOpen(port);

            HttpResponse<String> response =
                    trusting.send(
                            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port)).build(),
                            BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Strict-Transport-Security"))
                    .contains("max-age=31536000");
        }
    }

    private static SSLContext trusting(Path store) throws Exception {
        KeyStore certificates =
                KeyStore.getInstance(store.toFile(), SelfSignedCertificate.PASSWORD.toCharArray());
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificates);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static ServiceProcess startWithIssuer(String issuer) {
        Map<String, String> settings = withoutAnonymousAccess(onNewTable());
        settings.put("quarkus.oidc.auth-server-url", issuer);
        return ServiceProcess.start(settings);
    }

    private static Map<String, String> withoutAnonymousAccess(Map<String, String> settings) {
        Map<String, String> changed = new HashMap<>(settings);
        changed.put("parley.security.anonymous", "false");
        return changed;
    }

    private static Map<String, String> onNewTable() {
        String name = "secured-" + UUID.randomUUID();
        return Map.of(
                "parley.table.name", name,
                "parley.table.mode", "create",
                "mp.messaging.incoming.turns.group.id", name);
    }

    /** Waits for the port of readers: that of the management may be open earlier. */
    private static void awaitOpen(int port) {
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(
                        () -> {
                            try (Socket connection =
                                    new Socket(InetAddress.getLoopbackAddress(), port)) {
                                return connection.isConnected();
                            }
                        });
    }

    private static void awaitSuccess(URI uri) {
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> get(uri).statusCode() == 200);
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(URI uri, String token)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build(),
                BodyHandlers.ofString());
    }
}
