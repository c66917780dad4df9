package dev.parley.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jose4j.json.JsonUtil;

/**
 * How the {@link TokenIssuer} signs people in: whoever they say they are, without a password. It is
 * strict with the one who sends them, as RFC 6749 and RFC 7636 are.
 */
public final class CodeFlow {

    static final String CLIENT = "parley-page";
    static final String SECRET = "the-secret-of-the-client-that-signs-in";

    /** Who says that isn't let in. */
    public static final String REFUSED = "nobody";

    /** What is waiting to be fetched. */
    private record Grant(String name, Map<String, String> asked) {}

    private final TokenIssuer issuer;
    private final Map<String, Grant> codes = new ConcurrentHashMap<>();
    private final Map<String, Grant> renewals = new ConcurrentHashMap<>();
    private volatile Duration life = Duration.ofMinutes(10);

    CodeFlow(TokenIssuer issuer) {
        this.issuer = issuer;
    }

    void serve(HttpServer server) {
        server.createContext("/authorize", this::authorize);
        server.createContext("/login", this::login);
        server.createContext("/token", this::token);
        server.createContext("/end", CodeFlow::end);
    }

    /** What a provider tells of it beforehand. */
    Map<String, Object> metadata() {
        return Map.of(
                "authorization_endpoint", issuer.url() + "/authorize",
                "token_endpoint", issuer.url() + "/token",
                "end_session_endpoint", issuer.url() + "/end");
    }

    /** Of ID tokens from now on. */
    public void setLife(Duration life) {
        this.life = life;
    }

    /** Nobody's token is renewed any more. */
    public void forgetAll() {
        renewals.clear();
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = parameters(exchange.getRequestURI().getRawQuery());
        boolean good =
                CLIENT.equals(asked.get("client_id"))
                        && "code".equals(asked.get("response_type"))
                        && "S256".equals(asked.get("code_challenge_method"))
                        && asked.containsKey("code_challenge")
                        && asked.containsKey("nonce")
                        && asked.getOrDefault("redirect_uri", "").endsWith("/ui/sign-in");
        if (!good) {
            answer(exchange, 400, "text/plain", "not a good request: " + asked.keySet());
            return;
        }
        String fields =
                asked.entrySet().stream()
                        .map(
                                field ->
                                        "<input type=hidden name='%s' value='%s'>"
                                                .formatted(field.getKey(), field.getValue()))
                        .collect(Collectors.joining());
        answer(
                exchange,
                200,
                "text/html",
                """
                <!DOCTYPE html><title>Provider</title>
                <form action="/login">%s<label>Name <input name="name"></label><button>Log in</button></form>"""
                        .formatted(fields));
    }

    private void login(HttpExchange exchange) throws IOException {
        Map<String, String> asked = parameters(exchange.getRequestURI().getRawQuery());
        String name = of(asked, "name");
        String code = UUID.randomUUID().toString();
        codes.put(code, new Grant(name, asked));
        redirect(
                exchange,
                asked.get("redirect_uri")
                        + (REFUSED.equals(name) ? "?error=access_denied" : "?code=" + code)
                        + "&state="
                        + encoded(of(asked, "state")));
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> asked =
                parameters(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        Optional<Grant> granted = isClient(exchange) ? granted(asked) : Optional.empty();
        if (granted.isEmpty()) {
            answer(exchange, 400, "application/json", "{\"error\":\"invalid_grant\"}");
            return;
        }
        String renewal = UUID.randomUUID().toString();
        renewals.put(renewal, granted.get());
        answer(
                exchange,
                200,
                "application/json",
                JsonUtil.toJson(
                        Map.of(
                                "token_type", "Bearer",
                                "access_token", UUID.randomUUID().toString(),
                                "refresh_token", renewal,
                                "id_token", idToken(granted.get()).text(),
                                "expires_in", life.toSeconds())));
    }

    /** What is fetched is fetched once. */
    private Optional<Grant> granted(Map<String, String> asked) {
        if ("refresh_token".equals(asked.get("grant_type"))) {
            return Optional.ofNullable(renewals.remove(of(asked, "refresh_token")));
        }
        return Optional.ofNullable(codes.remove(of(asked, "code")))
                .filter(
                        grant ->
                                of(grant.asked(), "redirect_uri").equals(asked.get("redirect_uri"))
                                        && of(grant.asked(), "code_challenge")
                                                .equals(challenge(of(asked, "code_verifier"))));
    }

    private static boolean isClient(HttpExchange exchange) {
        String basic = CLIENT + ":" + SECRET;
        return ("Basic " + Base64.getEncoder().encodeToString(basic.getBytes(UTF_8)))
                .equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(verifier.getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** People whose name begins so are readers of everything. */
    private Token idToken(Grant grant) {
        Token token =
                issuer.tokenOf(grant.name())
                        .forAudience(CLIENT)
                        .expiringIn(life)
                        .with(claims -> claims.setStringClaim("nonce", of(grant.asked(), "nonce")));
        return grant.name().startsWith("analyst") ? token.withRole(Callers.READER) : token;
    }

    private static void end(HttpExchange exchange) throws IOException {
        Map<String, String> asked = parameters(exchange.getRequestURI().getRawQuery());
        redirect(
                exchange,
                asked.get("post_logout_redirect_uri") + "?state=" + encoded(of(asked, "state")));
    }

    /** What has to be there. */
    private static String of(Map<String, String> asked, String name) {
        return requireNonNull(asked.get(name), name);
    }

    private static Map<String, String> parameters(String form) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String field : form.split("&", -1)) {
            String[] parts = field.split("=", 2);
            parameters.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
        }
        return parameters;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private static void answer(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
