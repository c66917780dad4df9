package dev.parley.security;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/**
 * Makes a {@code @QuarkusTest} require tokens of a separate issuer, which is injected into a field
 * of the test, and makes it log who reads.
 */
public final class SecuredParley implements QuarkusTestResourceLifecycleManager {

    /** The origin of a dashboard whose cross-origin requests are allowed. */
    static final String DASHBOARD_ORIGIN = "https://board.example";

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
                        "the secret that encrypts the cookies of this test"),
                Map.entry("quarkus.http.cors.enabled", "true"),
                Map.entry("quarkus.http.cors.origins", DASHBOARD_ORIGIN),
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
