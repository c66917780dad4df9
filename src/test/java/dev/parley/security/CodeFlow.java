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
 * The authorization code flow of the {@link TokenIssuer}. It signs people in by any name that they
 * enter, without a password. It verifies the requests of its client as RFC 6749 and RFC 7636
 * require.
 */
public final class CodeFlow {

    public static final String CLIENT = "parley-page";
    public static final String SECRET = "the-secret-of-the-client-that-signs-in";

    /** The name of a person whose sign-in is refused. */
    public static final String REFUSED = "nobody";

    /** A sign-in for which the client may request tokens. */
    private record Grant(String name, Map<String, String> parameters) {}

    private final TokenIssuer issuer;
    private final Map<String, Grant> grantsByCode = new ConcurrentHashMap<>();
    private final Map<String, Grant> grantsByRefreshToken = new ConcurrentHashMap<>();
    private volatile Duration tokenLifetime = Duration.ofMinutes(10);

    CodeFlow(TokenIssuer issuer) {
        this.issuer = issuer;
    }

    void serve(HttpServer server) {
        server.createContext("/authorize", this::authorize);
        server.createContext("/login", this::login);
        server.createContext("/token", this::token);
        server.createContext("/end", CodeFlow::endSession);
    }

    /** Returns the endpoints of the flow, for the metadata of the provider. */
    Map<String, Object> metadata() {
        return Map.of(
                "authorization_endpoint", issuer.url() + "/authorize",
                "token_endpoint", issuer.url() + "/token",
                "end_session_endpoint", issuer.url() + "/end");
    }

    /** Sets the lifetime of the tokens that are issued from now on. */
    public void setLife(Duration tokenLifetime) {
        this.tokenLifetime = tokenLifetime;
    }

    /** Revokes all refresh tokens. */
    public void forgetAll() {
        grantsByRefreshToken.clear();
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> parameters = parameters(exchange.getRequestURI().getRawQuery());
        boolean valid =
                CLIENT.equals(parameters.get("client_id"))
                        && "code".equals(parameters.get("response_type"))
                        && "S256".equals(parameters.get("code_challenge_method"))
                        && parameters.containsKey("code_challenge")
                        && parameters.containsKey("nonce")
                        && parameters.getOrDefault("redirect_uri", "").endsWith("/ui/sign-in");
        if (!valid) {
            respond(exchange, 400, "text/plain", "invalid request: " + parameters.keySet());
            return;
        }
        String fields =
                parameters.entrySet().stream()
                        .map(
                                field ->
                                        "<input type=hidden name='%s' value='%s'>"
                                                .formatted(field.getKey(), field.getValue()))
                        .collect(Collectors.joining());
        respond(
                exchange,
                200,
                "text/html",
                """
                <!DOCTYPE html><title>Provider</title>
                <form action="/login">%s<label>Name <input name="name"></label><button>Log in</button></form>"""
                        .formatted(fields));
    }

    private void login(HttpExchange exchange) throws IOException {
        Map<String, String> parameters = parameters(exchange.getRequestURI().getRawQuery());
        String name = required(parameters, "name");
        String code = UUID.randomUUID().toString();
        grantsByCode.put(code, new Grant(name, parameters));
        redirect(
                exchange,
                parameters.get("redirect_uri")
                        + (REFUSED.equals(name) ? "?error=access_denied" : "?code=" + code)
                        + "&state="
                        + encoded(required(parameters, "state")));
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> parameters =
                parameters(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        Optional<Grant> grant = isAuthenticated(exchange) ? redeem(parameters) : Optional.empty();
        if (grant.isEmpty()) {
            respond(exchange, 400, "application/json", "{\"error\":\"invalid_grant\"}");
            return;
        }
        String refreshToken = UUID.randomUUID().toString();
        grantsByRefreshToken.put(refreshToken, grant.get());
        respond(
                exchange,
                200,
                "application/json",
                JsonUtil.toJson(
                        Map.of(
                                "token_type", "Bearer",
                                "access_token", UUID.randomUUID().toString(),
                                "refresh_token", refreshToken,
                                "id_token", idToken(grant.get()).text(),
                                "expires_in", tokenLifetime.toSeconds())));
    }

    /** Redeems a code or a refresh token. Each is valid only once. */
    private Optional<Grant> redeem(Map<String, String> parameters) {
        if ("refresh_token".equals(parameters.get("grant_type"))) {
            return Optional.ofNullable(
                    grantsByRefreshToken.remove(required(parameters, "refresh_token")));
        }
        return Optional.ofNullable(grantsByCode.remove(required(parameters, "code")))
                .filter(
                        grant ->
                                required(grant.parameters(), "redirect_uri")
                                                .equals(parameters.get("redirect_uri"))
                                        && required(grant.parameters(), "code_challenge")
                                                .equals(
                                                        challenge(
                                                                required(
                                                                        parameters,
                                                                        "code_verifier"))));
    }

    private static boolean isAuthenticated(HttpExchange exchange) {
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

    /**
     * Returns the ID token of a person. A name that begins with "analyst" gets the role that reads
     * everything.
     */
    private Token idToken(Grant grant) {
        Token token =
                issuer.tokenOf(grant.name())
                        .forAudience(CLIENT)
                        .expiringIn(tokenLifetime)
                        .with(
                                claims ->
                                        claims.setStringClaim(
                                                "nonce", required(grant.parameters(), "nonce")));
        return grant.name().startsWith("analyst") ? token.withRoleOfReaders() : token;
    }

    private static void endSession(HttpExchange exchange) throws IOException {
        Map<String, String> parameters = parameters(exchange.getRequestURI().getRawQuery());
        redirect(
                exchange,
                parameters.get("post_logout_redirect_uri")
                        + "?state="
                        + encoded(required(parameters, "state")));
    }

    /** Returns a parameter that is required. */
    private static String required(Map<String, String> parameters, String name) {
        return requireNonNull(parameters.get(name), name);
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

    private static void respond(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
