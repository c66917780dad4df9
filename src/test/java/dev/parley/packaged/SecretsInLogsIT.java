package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalTopics;
import dev.parley.local.LocalTopics.DeadLetter;
import dev.parley.local.LogLines;
import dev.parley.local.ServiceProcess;
import dev.parley.security.TokenIssuer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that neither logs nor metrics contain content or secrets, all of which carry a mark here.
 * The service logs at the most detailed level, stores turns as plain text, and serves sessions,
 * turns, statistics and metrics.
 */
@Tag("packaged")
@Tag("slow")
class SecretsInLogsIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** What people said, in any field, and also in records that are not events. */
    private static final String CONTENT = "MARKofwhatwassaid";

    /**
     * The log categories that {@code application.properties} names, and those that Quarkus
     * silences.
     */
    private static final List<String> QUIET_CATEGORIES =
            List.of(
                    "dev.parley",
                    "http-problem",
                    "com.github.benmanes.caffeine.cache.LocalAsyncCache",
                    "io.netty",
                    "io.quarkus",
                    "io.smallrye",
                    "io.smallrye.reactive.messaging",
                    "io.vertx",
                    "org.apache.kafka",
                    "org.apache.kafka.clients",
                    "org.apache.kafka.common",
                    "org.jose4j",
                    "org.jboss",
                    "software.amazon.awssdk",
                    "software.amazon.awssdk.auth.credentials",
                    "software.amazon.awssdk.request");

    private static final String PASSWORD = "MARKofapasswordforkafka";
    private static final String AWS_SECRET = "MARKofasecretkeyforaws";
    private static final String TOKEN_KEY = "MARKofthekeythatpagetokensaresignedwith";

    /** The name of the session, the topic, the table and the consumer group. */
    private final String id = "marked-" + UUID.randomUUID();

    @Test
    void logAndMetrics_atTheMostDetailedLevel_containNoContentAndNoSecret() throws Exception {
        try (TokenIssuer issuer = TokenIssuer.start();
                LocalTopics topics = LocalTopics.withTopic(id);
                ServiceProcess service = ServiceProcess.start(verboseSettings(issuer))) {
            String reader = issuer.tokenOf("reader").withRoleOfReaders().text();
            String refusedToken = issuer.tokenOf("MARKofasubject").forAudience("others").text();
            topics.publish(
                    Stream.of(events(), invalidDetails(), invalidRecords())
                            .flatMap(templates -> templates)
                            .map(this::record)
                            .toList());
            List<DeadLetter> deadLetters =
                    topics.awaitDeadLetters(id, (int) invalidRecords().count());
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(
                            () ->
                                    get(service.uri("/sessions/" + id), reader)
                                            .body()
                                            .contains(CONTENT + " last"));
            for (String path :
                    List.of(
                            "",
                            "/" + id,
                            "/" + id + "/turns?limit=1",
                            "/" + id + "/turns?from=" + CONTENT)) {
                get(service.uri("/sessions" + path), reader);
                get(service.uri("/sessions" + path), refusedToken);
            }
            get(service.uri("/stats"), reader);
            String metrics = get(service.uri("/q/metrics"), reader).body();
            service.terminate();
            service.awaitExit(TIMEOUT);

            assertThat(service.output()).contains("\"DEBUG\"");
            assertThat(LogLines.messages(service, "dev.parley.audit"))
                    .anyMatch(line -> line.contains("\"find\",\"sessions\":[\"" + id));
            assertThat(deadLetters)
                    .allSatisfy(
                            deadLetter ->
                                    assertThat(deadLetter.headers().toString())
                                            .doesNotContain(CONTENT));
            assertThat(metrics).contains("outcome=\"dead_lettered\"");
            assertThat((service.output() + metrics).lines())
                    .filteredOn(
                            line ->
                                    line.contains("MARK")
                                            || line.contains(signature(reader))
                                            || line.contains(signature(refusedToken)))
                    .isEmpty();
        }
    }

    /** Kafka does not take what follows an unescaped quotation mark for a part of the password. */
    @ParameterizedTest
    @ValueSource(strings = {"kafka.sasl.jaas.config", "parley.api.token-key"})
    void start_withAnInvalidSecret_failsWithAMessageWithoutTheSecret(String setting)
            throws Exception {
        String login =
                "org.apache.kafka.common.security.plain.PlainLoginModule required"
                        + " username=\"parley\" password=\"a\"MARKofthepassword\";";
        String secret = setting.contains("jaas") ? login : "a${MARKofthekey}" + "x".repeat(32);
        Map<String, String> settings =
                Map.of("kafka.security.protocol", "SASL_PLAINTEXT", setting, secret);

        try (ServiceProcess service = ServiceProcess.start(settings)) {
            assertThat(service.awaitExit(TIMEOUT)).isNotZero();
            assertThat(service.output()).contains(setting + " ").doesNotContain("MARK");
        }
        try (ServiceProcess replay = ServiceProcess.startCommand("put-back", settings)) {
            replay.awaitExit(TIMEOUT);
            assertThat(replay.output()).doesNotContain("MARK");
        }
    }

    @Test
    void start_withAnInvalidFileOfLogins_failsWithAMessageWithoutTheSecret(@TempDir Path folder)
            throws Exception {
        Path logins =
                Files.writeString(
                        folder.resolve("logins.conf"),
                        """
                        KafkaClient {
                          org.apache.kafka.common.security.plain.PlainLoginModule required
                          username="parley" password="a"MARKofthepassword";
                        };""");

        try (ServiceProcess service =
                ServiceProcess.start(
                        Map.of(
                                "java.security.auth.login.config", logins.toString(),
                                "kafka.security.protocol", "SASL_PLAINTEXT",
                                "kafka.sasl.mechanism", "PLAIN"))) {
            assertThat(service.awaitExit(TIMEOUT)).isNotZero();
            assertThat(service.output())
                    .contains("java.security.auth.login.config")
                    .doesNotContain("MARK");
        }
    }

    private Map<String, String> verboseSettings(TokenIssuer issuer) {
        Map<String, String> settings = new HashMap<>();
        settings.put("quarkus.log.level", "ALL");
        for (String category : QUIET_CATEGORIES) {
            settings.put("quarkus.log.category.\"" + category + "\".level", "ALL");
        }
        settings.put("aws.sessionToken", AWS_SECRET);
        settings.put("quarkus.oidc.auth-server-url", issuer.url());
        settings.put("parley.security.anonymous", "false");
        settings.put("parley.api.token-key", TOKEN_KEY);
        settings.put("aws.secretAccessKey", AWS_SECRET);
        settings.put(
                "kafka.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required"
                        + " username=\"parley\" password=\""
                        + PASSWORD
                        + "\";");
        settings.put("kafka.ssl.keystore.password", PASSWORD);
        // Kafka's clients get KAFKA_PASSWORD of the environment like this, as an unknown setting.
        settings.put("kafka.password", PASSWORD);
        settings.put("smallrye.config.log.values", "true");
        settings.put("quarkus.oidc.page.credentials.secret", PASSWORD);
        settings.put("parley.table.name", id);
        settings.put("parley.table.mode", "create");
        settings.put("parley.table.turns", "plain");
        settings.put("parley.table.retention", "36500d");
        settings.put("mp.messaging.incoming.turns.topic", id);
        settings.put("mp.messaging.incoming.turns.group.id", id);
        return settings;
    }

    private static Stream<String> events() {
        return Stream.of(
                """
                {"role":"user","content":"%1$s","turnId":"t-1","model":"m","error":{"a":"%1$s"},
                 "metadata":{"%1$s":"%1$s"},"attributes":{"%1$s":"%1$s"},"userData":{"a":"%1$s"}}""",
                """
                {"role":"user","content":[{"%1$s":"%1$s"}],"turnId":"t-1","revision":1}""",
                """
                {"sender_id":"%2$s","event":"user","timestamp":1700000000.5,"text":"%1$s"}""",
                """
                {"sender_id":"%2$s","event":"slot","timestamp":1700000000.5,"name":"%1$s","value":"%1$s"}""",
                """
                {"type":"session.updated","attributes":{"%1$s":null,"b":"%1$s"}}""",
                """
                {"role":"assistant","content":"%1$s last","turnId":"t-2"}""");
    }

    /** Returns turns with an invalid detail. They are older than the last turn. */
    private static Stream<String> invalidDetails() {
        String time = "\"occurredAt\":\"2026-11-22T09:00:00Z\",";
        return Stream.of(
                "{" + time + "\"role\":\"%1$s\",\"content\":\"%1$s\"}",
                "{" + time + "\"role\":\"user\",\"content\":\"%1$s\",\"attributes\":\"%1$s\"}",
                "{"
                        + time
                        + "\"role\":\"user\",\"content\":\"%1$s\","
                        + "\"usage\":{\"inputTokens\":\"%1$s\"}}");
    }

    private static Stream<String> invalidRecords() {
        return Stream.of(
                "%1$s",
                "{\"%1$s",
                "{\"type\":\"%1$s\"}",
                "{\"role\":\"user\",\"content\":\"%1$s\",\"occurredAt\":\"%1$s\"}",
                "{\"role\":\"user\",\"content\":\"%1$s\",\"attributes\":{\"a\":\"%1$s"
                        + "x".repeat(300_000)
                        + "\"}}");
    }

    private Map.Entry<String, String> record(String template) {
        return Map.entry(id, template.formatted(CONTENT, id));
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    private static HttpResponse<String> get(URI uri, String token)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build(),
                BodyHandlers.ofString());
    }
}
