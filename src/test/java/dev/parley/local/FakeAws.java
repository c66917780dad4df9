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
 * What of AWS a pod gets its credentials from, both ways, and a DynamoDB without any item that
 * notes whose requests it serves. Each key that is handed out has the next number: {@code
 * FAKEKEY1}, {@code FAKEKEY2}.
 */
public final class FakeAws implements AutoCloseable {

    private static final int MANY = 1_000_000;
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
     * Credentials that were asked for.
     *
     * @param role empty where the token alone says which
     * @param token what the one who asked proved itself with
     */
    public record Asked(String role, String token) {}

    /**
     * A request to DynamoDB.
     *
     * @param operation as in {@code GetItem}
     * @param accessKey whose
     * @param sessionToken that goes with the key
     */
    public record Served(String operation, String accessKey, String sessionToken) {}

    private final HttpServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<Served> served = new CopyOnWriteArrayList<>();
    private final AtomicInteger keys = new AtomicInteger();
    private final Duration life;
    private final Semaphore answers = new Semaphore(MANY);

    /**
     * Listens on a free port of 127.0.0.1.
     *
     * @param life how long credentials are good for
     */
    public FakeAws(Duration life) throws IOException {
        this.life = life;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    /** That of STS and of DynamoDB. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Where an agent on the pod's node hands out credentials. */
    public String containerCredentials() {
        return endpoint() + "/v1/credentials";
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    public List<Served> served() {
        return List.copyOf(served);
    }

    /** How many credentials were handed out. */
    public int handedOut() {
        return keys.get();
    }

    /** From now on whoever asks for credentials waits for them, until {@link #answerAll}. */
    public void answerNobody() {
        answers.drainPermits();
    }

    /** Whether somebody does. */
    public boolean isWaitedFor() {
        return answers.hasQueuedThreads();
    }

    /** From now on nobody waits for credentials any more. */
    public void answerAll() {
        answers.release(MANY);
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
                served.add(
                        new Served(
                                target.substring(target.indexOf('.') + 1),
                                accessKey(header(exchange, "Authorization")),
                                header(exchange, "X-Amz-Security-Token")));
                answer(exchange, "application/x-amz-json-1.0", "{}");
            } else if (exchange.getRequestMethod().equals("GET")) {
                handOut(new Asked("", header(exchange, "Authorization")));
                answer(exchange, "application/json", credentials(CONTAINER_ANSWER));
            } else {
                Map<String, String> form = form(body);
                handOut(new Asked(of(form, "RoleArn"), of(form, "WebIdentityToken")));
                answer(exchange, "text/xml", credentials(STS_ANSWER));
            }
        }
    }

    private void handOut(Asked request) {
        asked.add(request);
        answers.acquireUninterruptibly();
    }

    private String credentials(String format) {
        int number = keys.incrementAndGet();
        Instant end = Instant.now().plus(life).truncatedTo(ChronoUnit.SECONDS);
        return format.formatted("FAKEKEY" + number, "fake-session-" + number, end);
    }

    private static void answer(HttpExchange exchange, String type, String text) throws IOException {
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

    private static String of(Map<String, String> form, String name) {
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
