package dev.parley.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Simulates the two AWS services that give a pod its credentials (STS and the agent of EKS Pod
 * Identity), and a DynamoDB without items that records the credentials of each request. The keys
 * are numbered in the order in which they are issued: {@code FAKEKEY1}, {@code FAKEKEY2}.
 */
public final class FakeAws implements AutoCloseable {

    private static final int UNLIMITED = 1_000_000;
    private static final Pattern ACCESS_KEY = Pattern.compile("Credential=([^/]+)/");

    private static final String STS_ANSWER =
            """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <AssumeRoleWithWebIdentityResult>
                <Credentials>
                  <AccessKeyId>%s</AccessKeyId>
                  <SecretAccessKey>fake secret</SecretAccessKey>
                  <SessionToken>%s</SessionToken>
                  <Expiration>%s</Expiration>
                </Credentials>
              </AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """;

    private static final String CONTAINER_ANSWER =
            """
            {"AccessKeyId":"%s","SecretAccessKey":"fake secret","Token":"%s","Expiration":"%s"}
            """;

    /**
     * A request for credentials.
     *
     * @param role empty if the token alone determines the role
     * @param token the token that authenticates the caller
     */
    public record CredentialsRequest(String role, String token) {}

    /**
     * A request to DynamoDB.
     *
     * @param operation such as {@code GetItem}
     * @param accessKey the access key that signed the request
     * @param sessionToken the session token that belongs to the access key
     */
    public record DynamoDbRequest(String operation, String accessKey, String sessionToken) {}

    private final HttpServer server;
    private final List<CredentialsRequest> credentialsRequests = new CopyOnWriteArrayList<>();
    private final List<DynamoDbRequest> dynamoDbRequests = new CopyOnWriteArrayList<>();
    private final AtomicInteger keys = new AtomicInteger();
    private final Duration lifetime;
    private final Semaphore permits = new Semaphore(UNLIMITED);

    /**
     * Listens on a free port of 127.0.0.1.
     *
     * @param lifetime how long credentials are valid
     */
    public FakeAws(Duration lifetime) throws IOException {
        this.lifetime = lifetime;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    /** Returns the endpoint of both STS and DynamoDB. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns the address at which the agent of Pod Identity issues credentials. */
    public String containerCredentials() {
        return endpoint() + "/v1/credentials";
    }

    public List<CredentialsRequest> credentialsRequests() {
        return List.copyOf(credentialsRequests);
    }

    public List<DynamoDbRequest> dynamoDbRequests() {
        return List.copyOf(dynamoDbRequests);
    }

    /** Returns how many credentials were issued. */
    public int issuedKeys() {
        return keys.get();
    }

    /** From now on requests for credentials wait until {@link #resumeIssuing} is called. */
    public void suspendIssuing() {
        permits.drainPermits();
    }

    /** Returns whether a request for credentials is waiting. */
    public boolean hasWaitingRequest() {
        return permits.hasQueuedThreads();
    }

    /** Answers all waiting requests for credentials, and all further ones at once. */
    public void resumeIssuing() {
        permits.release(UNLIMITED);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            if (target != null) {
                dynamoDbRequests.add(
                        new DynamoDbRequest(
                                target.substring(target.indexOf('.') + 1),
                                accessKey(header(exchange, "Authorization")),
                                header(exchange, "X-Amz-Security-Token")));
                respond(exchange, "application/x-amz-json-1.0", "{}");
            } else if (exchange.getRequestMethod().equals("GET")) {
                awaitIssuing(new CredentialsRequest("", header(exchange, "Authorization")));
                respond(exchange, "application/json", credentials(CONTAINER_ANSWER));
            } else {
                Map<String, String> form = form(body);
                awaitIssuing(
                        new CredentialsRequest(
                                field(form, "RoleArn"), field(form, "WebIdentityToken")));
                respond(exchange, "text/xml", credentials(STS_ANSWER));
            }
        }
    }

    private void awaitIssuing(CredentialsRequest request) {
        credentialsRequests.add(request);
        permits.acquireUninterruptibly();
    }

    private String credentials(String format) {
        int number = keys.incrementAndGet();
        Instant end = Instant.now().plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
        return format.formatted("FAKEKEY" + number, "fake-session-" + number, end);
    }

    private static void respond(HttpExchange exchange, String type, String text)
            throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String accessKey(String authorization) {
        return ACCESS_KEY
                .matcher(authorization)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.joining());
    }

    private static String header(HttpExchange exchange, String name) {
        return exchange.getRequestHeaders().getOrDefault(name, List.of("")).getFirst();
    }

    private static String field(Map<String, String> form, String name) {
        return form.getOrDefault(name, "");
    }

    private static Map<String, String> form(String body) {
        return Pattern.compile("&")
                .splitAsStream(body)
                .map(field -> field.split("=", 2))
                .collect(
                        Collectors.toMap(
                                field -> field[0], field -> URLDecoder.decode(field[1], UTF_8)));
    }
}
