package dev.parley.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.parley.local.FakeAws;
import dev.parley.local.FakeAws.Asked;
import dev.parley.local.FakeAws.Served;
import dev.parley.local.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is deployed to Kubernetes in AWS, where a pod's role gives it its credentials. */
@Tag("packaged")
@Tag("slow")
class CredentialsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration AN_HOUR = Duration.ofHours(1);

    /** Below the five minutes from which on the SDK looks for the next ones. */
    private static final Duration ABOUT_TO_END = Duration.ofMinutes(3);

    private static final String ROLE = "arn:aws:iam::000000000000:role/parley";

    /** What a test fills in before the service starts, and changes as the kubelet does. */
    @SuppressWarnings("NullAway.Init")
    @TempDir
    Path folder;

    /** IAM roles for service accounts. */
    @Test
    void service_withTheTokenOfAServiceAccount_hasTheCredentialsOfItsRole() throws Exception {
        try (FakeAws aws = new FakeAws(AN_HOUR);
                ServiceProcess service = start(aws, webIdentity(aws, token("fake-token-1")))) {
            awaitServing(service);

            assertThat(aws.asked()).containsExactly(new Asked(ROLE, "fake-token-1"));
            assertThat(aws.served())
                    .isNotEmpty()
                    .extracting(Served::accessKey, Served::sessionToken)
                    .containsOnly(tuple("FAKEKEY1", "fake-session-1"));
        }
    }

    @Test
    void service_withPodIdentity_hasTheCredentialsThatTheAgentHandsOut() throws Exception {
        try (FakeAws aws = new FakeAws(AN_HOUR);
                ServiceProcess service = start(aws, podIdentity(aws, token("fake-token-1")))) {
            awaitServing(service);

            assertThat(aws.asked()).containsExactly(new Asked("", "fake-token-1"));
            assertThat(aws.served())
                    .isNotEmpty()
                    .extracting(Served::accessKey, Served::sessionToken)
                    .containsOnly(tuple("FAKEKEY1", "fake-session-1"));
        }
    }

    @Test
    void credentials_thatAreAboutToEnd_areRenewedWhileReadersAreServed() throws Exception {
        try (FakeAws aws = new FakeAws(ABOUT_TO_END);
                ServiceProcess service = start(aws, webIdentity(aws, token("fake-token-1")))) {
            awaitServing(service);
            token("fake-token-2");
            aws.answerNobody();
            Set<String> old = keys(aws.handedOut());
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                assertThat(service.get("/sessions/s-42").statusCode())
                                        .isEqualTo(404);
                                return aws.isWaitedFor()
                                        && aws.asked().contains(new Asked(ROLE, "fake-token-2"));
                            });
            assertThat(service.get("/sessions/s-42").statusCode()).isEqualTo(404);

            aws.answerAll();

            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                assertThat(service.get("/sessions/s-42").statusCode())
                                        .isEqualTo(404);
                                return !old.contains(aws.served().getLast().accessKey());
                            });
        }
    }

    private static Set<String> keys(int handedOut) {
        return IntStream.rangeClosed(1, handedOut)
                .mapToObj(number -> "FAKEKEY" + number)
                .collect(Collectors.toSet());
    }

    private static ServiceProcess start(FakeAws aws, Map<String, String> environment) {
        Map<String, String> settings =
                Map.of(
                        "parley.table.mode",
                        "off",
                        "mp.messaging.incoming.turns.group.id",
                        "credentials-" + UUID.randomUUID());
        return ServiceProcess.startWithoutCredentials(aws.endpoint(), settings, environment);
    }

    private Path token(String token) throws IOException {
        return Files.writeString(folder.resolve("token"), token);
    }

    private Map<String, String> webIdentity(FakeAws aws, Path token) {
        Map<String, String> environment = environment();
        environment.put("AWS_ROLE_ARN", ROLE);
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
        environment.put("AWS_ENDPOINT_URL_STS", aws.endpoint());
        return environment;
    }

    private Map<String, String> podIdentity(FakeAws aws, Path token) {
        Map<String, String> environment = environment();
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", aws.containerCredentials());
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString());
        return environment;
    }

    /** As a pod's is; no profile of whoever runs the tests. */
    private Map<String, String> environment() {
        String none = folder.resolve("none").toString();
        return new HashMap<>(
                Map.of(
                        "AWS_REGION",
                        "us-east-1",
                        "AWS_CONFIG_FILE",
                        none,
                        "AWS_SHARED_CREDENTIALS_FILE",
                        none,
                        "AWS_EC2_METADATA_DISABLED",
                        "true"));
    }

    private static void awaitServing(ServiceProcess service) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> service.get("/sessions/s-42").statusCode() == 404);
    }
}
