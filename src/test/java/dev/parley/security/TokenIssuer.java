package dev.parley.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.lang.JoseException;

/** A minimal OpenID provider: it publishes its metadata and its keys, and signs tokens. */
public final class TokenIssuer implements AutoCloseable {

    private static final int KEY_BITS = 2_048;

    private final RsaJsonWebKey key = newKey("issuer");
    private final HttpServer server;
    private final CodeFlow codeFlow = new CodeFlow(this);

    private TokenIssuer(HttpServer server) {
        this.server = server;
    }

    /** Starts a provider on a free port. */
    public static TokenIssuer start() {
        return startAt(0);
    }

    public static TokenIssuer startAt(int port) {
        try {
            TokenIssuer issuer =
                    new TokenIssuer(
                            HttpServer.create(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                                    0));
            issuer.server.createContext("/.well-known/openid-configuration", issuer::metadata);
            issuer.server.createContext("/keys", issuer::keys);
            issuer.codeFlow.serve(issuer.server);
            issuer.server.start();
            return issuer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns a valid token for that subject, from which tests derive others. */
    public Token tokenOf(String subject) {
        return Token.of(url(), subject, key, AlgorithmIdentifiers.RSA_USING_SHA256);
    }

    /** Creates a key with that id. Another key may have the same id. */
    static RsaJsonWebKey newKey(String id) {
        try {
            RsaJsonWebKey created = RsaJwkGenerator.generateJwk(KEY_BITS);
            created.setKeyId(id);
            return created;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    RsaJsonWebKey key() {
        return key;
    }

    /** Returns the flow that signs people in. */
    public CodeFlow codeFlow() {
        return codeFlow;
    }

    private void metadata(HttpExchange exchange) throws IOException {
        Map<String, Object> metadata = new HashMap<>(codeFlow.metadata());
        metadata.put("issuer", url());
        metadata.put("jwks_uri", url() + "/keys");
        respond(exchange, metadata);
    }

    private void keys(HttpExchange exchange) throws IOException {
        Map<String, Object> publicKey = key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
        respond(exchange, Map.of("keys", List.of(publicKey)));
    }

    private void respond(HttpExchange exchange, Map<String, Object> json) throws IOException {
        byte[] body = JsonUtil.toJson(json).getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
