package dev.parley.security;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/**
 * Has a {@code @QuarkusTest} ask for tokens of an issuer of its own, which it finds in its field,
 * and write down who reads.
 */
public final class SecuredParley implements QuarkusTestResourceLifecycleManager {

    /** The origin of a dashboard that is let in. */
    static final String BOARD = "https://board.example";

    private final TokenIssuer issuer = TokenIssuer.start();

    @Override
    public Map<String, String> start() {
        return Map.of(
                "parley.security.anonymous",
                "false",
                "quarkus.oidc.auth-server-url",
                issuer.url(),
                "quarkus.http.cors.enabled",
                "true",
                "quarkus.http.cors.origins",
                BOARD,
                "quarkus.log.category.\"dev.parley.audit\".level",
                "INFO");
    }

    @Override
    public void inject(TestInjector fields) {
        fields.injectIntoFields(issuer, new TestInjector.MatchesType(TokenIssuer.class));
    }

    @Override
    public void stop() {
        issuer.close();
    }
}
