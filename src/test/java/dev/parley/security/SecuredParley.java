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
        return Map.ofEntries(
                Map.entry("parley.security.anonymous", "false"),
                Map.entry("quarkus.oidc.auth-server-url", issuer.url()),
                Map.entry("quarkus.oidc.page.client-id", CodeFlow.CLIENT),
                Map.entry("quarkus.oidc.page.credentials.secret", CodeFlow.SECRET),
                Map.entry(
                        "quarkus.oidc.page.token-state-manager.encryption-secret",
                        "what the cookies of this test are kept with"),
                Map.entry("quarkus.http.cors.enabled", "true"),
                Map.entry("quarkus.http.cors.origins", BOARD),
                Map.entry("quarkus.log.category.\"dev.parley.audit\".level", "INFO"));
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
