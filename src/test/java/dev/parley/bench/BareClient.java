package dev.parley.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.dynamodb.RequestsOfATurn;
import dev.parley.session.Prose;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The AWS client alone, in a JVM of its own, with the settings that it has in the service. It sends
 * what the service sends for the first turn of a session, requests that are made before the clock
 * runs: one read, then one write, so many sessions at a time.
 */
final class BareClient {

    private final DynamoDbAsyncClient client;
    private final int inFlight;

    private BareClient(String endpoint, int inFlight) {
        this.inFlight = inFlight;
        client =
                DynamoDbAsyncClient.builder()
                        .endpointOverride(URI.create(endpoint))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("local", "local")))
                        .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(64))
                        .asyncConfiguration(
                                a ->
                                        a.advancedOption(
                                                SdkAdvancedAsyncClientOption
                                                        .FUTURE_COMPLETION_EXECUTOR,
                                                Runnable::run))
                        .overrideConfiguration(
                                o ->
                                        o.apiCallAttemptTimeout(Duration.ofSeconds(2))
                                                .apiCallTimeout(Duration.ofSeconds(6)))
                        .build();
    }

    /**
     * Arguments: endpoint, table, sessions at a time. Each line that comes in, a prefix of session
     * ids and a number of sessions, is answered by sessions by second and by second of CPU.
     */
    public static void main(String[] arguments) throws IOException {
        BareClient bare = new BareClient(arguments[0], Integer.parseInt(arguments[2]));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            int space = line.indexOf(' ');
            int sessions = Integer.parseInt(line.substring(space + 1));
            System.out.println(
                    bare.rate(newSessions(arguments[1], line.substring(0, space), sessions)));
        }
        System.exit(0);
    }

    private static List<RequestsOfATurn> newSessions(String table, String prefix, int sessions) {
        Prose prose = new Prose(7);
        return RequestsOfATurn.of(
                table,
                IntStream.range(0, sessions).mapToObj(i -> prose.turn(prefix + i, 0)).toList());
    }

    private String rate(List<RequestsOfATurn> sessions) {
        long start = System.nanoTime();
        Duration cpu = cpu();
        send(sessions);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = cpu().minus(cpu).toNanos() / 1e9;
        return sessions.size() / seconds + " " + sessions.size() / cpuSeconds;
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    private void send(List<RequestsOfATurn> sessions) {
        AtomicInteger next = new AtomicInteger();
        CompletableFuture<?>[] lines = new CompletableFuture<?>[inFlight];
        for (int i = 0; i < inFlight; i++) {
            CompletableFuture<Void> line = new CompletableFuture<>();
            lines[i] = line;
            sendNext(sessions, next, line);
        }
        CompletableFuture.allOf(lines).join();
    }

    private void sendNext(
            List<RequestsOfATurn> sessions, AtomicInteger next, CompletableFuture<Void> done) {
        int index = next.getAndIncrement();
        if (index >= sessions.size()) {
            done.complete(null);
            return;
        }
        var _ =
                sessions.get(index)
                        .sendTo(client)
                        .whenComplete(
                                (response, failure) -> {
                                    if (failure != null) {
                                        done.completeExceptionally(failure);
                                    } else {
                                        sendNext(sessions, next, done);
                                    }
                                });
    }
}
