package dev.parley.security;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalParley;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionWriter;
import dev.parley.support.LoggedLines;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests which requests are logged in the audit log, and that its lines contain no content. */
@Tag("security")
@QuarkusTest
@WithTestResource(LocalParley.class)
@WithTestResource(SecuredParley.class)
class ReadAuditIT {

    private final String user = "audited-" + UUID.randomUUID();
    private final LoggedLines lines = new LoggedLines("dev.parley.audit");

    @Inject SessionWriter sessions;

    @SuppressWarnings("NullAway.Init") // Quarkus sets it.
    @TestHTTPResource
    URI service;

    @SuppressWarnings("NullAway.Init") // SecuredParley sets it.
    TokenIssuer issuer;

    @AfterEach
    void stopListening() {
        lines.close();
    }

    @Test
    void read_ofAnyKind_logsALineWithCallerAndSessionsAndNoContent() {
        apply(event(user + "-1").userId(user).turn("t-1", "SECRET"));
        apply(event(user + "-2").at(1).userId(user).turn("t-1", "SECRET"));

        read("/sessions/" + user + "-1");
        read("/sessions/" + user + "-1/turns");
        read("/sessions/" + user + "-9");
        read("/sessions");
        read("/stats");

        assertThat(lines.lines())
                .containsExactly(
                        line("find", "\"" + user + "-1\"", 200),
                        line("turns", "\"" + user + "-1\"", 200),
                        line("find", "\"" + user + "-9\"", 404),
                        line("list", "\"" + user + "-2\",\"" + user + "-1\"", 200),
                        line("stats", "", 403));
    }

    @Test
    void request_thatReadsNoPersonalData_logsNoLine() {
        read("/");
        read("/openapi");
        given().get("/sessions");

        assertThat(lines.lines()).isEmpty();
    }

    @Test
    void id_withALineBreak_isLoggedOnOneLine() {
        read("/sessions/a%0A%22b%E2%80%A8");

        assertThat(lines.lines()).containsExactly(line("find", "\"a\\n\\\"b\\u2028\"", 404));
    }

    @Test
    void stream_thatItsClientBreaksOff_logsASecondLine() throws Exception {
        byte[] randomBytes = new byte[100_000];
        new Random(7).nextBytes(randomBytes);
        String content = HexFormat.of().formatHex(randomBytes);
        for (int i = 0; i < 40; i++) {
            apply(event(user).userId(user).at(i).turn("t-" + i, content));
        }

        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4_096);
            client.connect(new InetSocketAddress(service.getHost(), service.getPort()));
            String request =
                    """
                    GET /sessions/%s/turns HTTP/1.1
                    Host: parley
                    Accept: application/x-ndjson
                    Authorization: Bearer %s

                    """
                            .formatted(user, issuer.tokenOf(user).text());
            client.getOutputStream().write(request.replace("\n", "\r\n").getBytes(US_ASCII));
            assertThat(client.getInputStream().read()).isPositive();
        }

        String firstLine = line("turns", "\"" + user + "\"", 200);
        await().atMost(TIMEOUT).until(() -> lines.lines().size() > 1);
        assertThat(lines.lines()).hasSize(2).first().isEqualTo(firstLine);
        assertThat(lines.lines().getLast())
                .matches(
                        Pattern.quote(firstLine.replace("}", ""))
                                + ",\"brokeOff\":\"client\",\"items\":\\d+}");
    }

    @Test
    void stream_thatIsComplete_logsOneLine() {
        apply(event(user).userId(user).turn("t-1", "SECRET"));

        given().auth()
                .oauth2(issuer.tokenOf(user).text())
                .header("Accept", "application/x-ndjson")
                .get("/sessions/" + user + "/turns");
        read("/sessions/" + user);

        assertThat(lines.lines())
                .containsExactly(
                        line("turns", "\"" + user + "\"", 200),
                        line("find", "\"" + user + "\"", 200));
    }

    private void read(String path) {
        given().auth().oauth2(issuer.tokenOf(user).text()).urlEncodingEnabled(false).get(path);
    }

    private String line(String read, String ids, int status) {
        return "{\"who\":\"%s\",\"read\":\"%s\",\"sessions\":[%s],\"status\":%d}"
                .formatted(user, read, ids, status);
    }

    private void apply(SessionEvent event) {
        sessions.apply(event.sessionId(), List.of(event)).await().atMost(TIMEOUT);
    }
}
