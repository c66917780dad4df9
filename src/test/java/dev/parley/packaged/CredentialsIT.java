package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.parley.local.FakeAws;
import dev.parley.local.FakeAws.CredentialsRequest;
import dev.parley.local.FakeAws.DynamoDbRequest;
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

/** Tests the packaged service with the credentials of a pod's role, as on Kubernetes in AWS. */
@Tag("packaged")
@Tag("slow")
class CredentialsIT {

    private static final Duration ONE_HOUR = Duration.ofHours(1);

    /** Less than the five minutes before the expiry at which the SDK starts to renew. */
    private static final Duration CLOSE_TO_EXPIRY = Duration.ofMinutes(3);

    private static final String ROLE = "arn:aws:iam::000000000000:role/parley";

    /**
     * Contains the token, which a test writes before the start and replaces as the kubelet does.
     */
    @SuppressWarnings("NullAway.Init")
    @TempDir
    Path folder;

    /** Uses IAM roles for service accounts. */
    @Test
    void service_withAServiceAccountToken_usesTheCredentialsOfItsRole() throws Exception {
        try (FakeAws aws = new FakeAws(ONE_HOUR);
                ServiceProcess service = start(aws, webIdentity(aws, writeToken("fake-token-1")))) {
            awaitServing(service);

            assertThat(aws.credentialsRequests())
                    .containsExactly(new CredentialsRequest(ROLE, "fake-token-1"));
            assertThat(aws.dynamoDbRequests())
                    .isNotEmpty()
                    .extracting(DynamoDbRequest::accessKey, DynamoDbRequest::sessionToken)
                    .containsOnly(tuple("FAKEKEY1", "fake-session-1"));
        }
    }

    @Test
    void service_withPodIdentity_usesTheCredentialsOfTheAgent() throws Exception {
        try (FakeAws aws = new FakeAws(ONE_HOUR);
                ServiceProcess service = start(aws, podIdentity(aws, writeToken("fake-token-1")))) {
            awaitServing(service);

            assertThat(aws.credentialsRequests())
                    .containsExactly(new CredentialsRequest("", "fake-token-1"));
            assertThat(aws.dynamoDbRequests())
                    .isNotEmpty()
                    .extracting(DynamoDbRequest::accessKey, DynamoDbRequest::sessionToken)
                    .containsOnly(tuple("FAKEKEY1", "fake-session-1"));
        }
    }

    @Test
    void credentials_closeToExpiry_areRenewedWhileRequestsAreServed() throws Exception {
        try (FakeAws aws = new FakeAws(CLOSE_TO_EXPIRY);
                ServiceProcess service = start(aws, webIdentity(aws, writeToken("fake-token-1")))) {
            awaitServing(service);
            writeToken("fake-token-2");
            aws.suspendIssuing();
            Set<String> oldKeys = keys(aws.issuedKeys());
            await().atMost(TIMEOUT)
                    .until(
                            () -> {
                                assertThat(service.get("/sessions/s-42").statusCode())
                                        .isEqualTo(404);
                                return aws.hasWaitingRequest()
                                        && aws.credentialsRequests()
                                                .contains(
                                                        new CredentialsRequest(
                                                                ROLE, "fake-token-2"));
                            });
            assertThat(service.get("/sessions/s-42").statusCode()).isEqualTo(404);

            aws.resumeIssuing();

            await().atMost(TIMEOUT)
                    .until(
                            () -> {
                                assertThat(service.get("/sessions/s-42").statusCode())
                                        .isEqualTo(404);
                                return !oldKeys.contains(
                                        aws.dynamoDbRequests().getLast().accessKey());
                            });
        }
    }

    private static Set<String> keys(int issued) {
        return IntStream.rangeClosed(1, issued)
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

    private Path writeToken(String token) throws IOException {
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

    /** Returns the environment of a pod, without the AWS profile of the user who runs the tests. */
    private Map<String, String> environment() {
        String missing = folder.resolve("missing").toString();
        return new HashMap<>(
                Map.of(
                        "AWS_REGION",
                        "us-east-1",
                        "AWS_CONFIG_FILE",
                        missing,
                        "AWS_SHARED_CREDENTIALS_FILE",
                        missing,
                        "AWS_EC2_METADATA_DISABLED",
                        "true"));
    }

    private static void awaitServing(ServiceProcess service) {
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(() -> service.get("/sessions/s-42").statusCode() == 404);
    }
}
