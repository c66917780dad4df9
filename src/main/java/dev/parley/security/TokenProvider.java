package dev.parley.security;

import io.quarkus.oidc.Oidc;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Determines, before anything is served, whose tokens are accepted. A service that would admit
 * nobody, or admit everybody without being configured to do so, does not start.
 */
@Singleton
class TokenProvider {

    private static final Logger LOG = Logger.getLogger(TokenProvider.class);

    private final SecurityConfig config;
    private final SignIn signIn;

    /** False for the command {@code put-back}, which serves nothing. */
    private final boolean serving;

    private final Optional<String> provider;
    private final Optional<String> issuer;
    private final boolean discovering;
    private final Optional<List<String>> audience;

    TokenProvider(
            SecurityConfig config,
            SignIn signIn,
            @ConfigProperty(name = "quarkus.http.host-enabled", defaultValue = "true")
                    boolean serving,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> provider,
            @ConfigProperty(name = "quarkus.oidc.token.issuer") Optional<String> issuer,
            @ConfigProperty(name = "quarkus.oidc.discovery-enabled", defaultValue = "true")
                    boolean discovering,
            @ConfigProperty(name = "quarkus.oidc.token.audience") Optional<List<String>> audience) {
        this.config = config;
        this.signIn = signIn;
        this.serving = serving;
        this.provider = provider;
        this.issuer = issuer;
        this.discovering = discovering;
        this.audience = audience;
    }

    /**
     * Applies the configuration. Quarkus sends this event before it connects to the configured
     * provider.
     */
    void settle(@Observes Oidc oidc) {
        signIn.settle(oidc, serving);
        if (serving && !config.anonymous()) {
            requireAll();
            LOG.infof(
                    "Reading takes a token of %s for the audience %s",
                    issuer.or(() -> provider).orElseThrow(),
                    String.join(" or ", audience.orElseThrow()));
            return;
        }
        if (serving) {
            LOG.warn(
                    "Whoever reaches this service can read every session, since"
                            + " parley.security.anonymous=true");
        }
        oidc.create(OidcTenantConfig.builder().tenantEnabled(false).build());
    }

    /** Verifies that all settings exist without which nobody could read, or too many could. */
    private void requireAll() {
        if (provider.isEmpty()) {
            throw new ConfigurationException(
                    "It is not said whose tokens may read sessions: set"
                            + " quarkus.oidc.auth-server-url to the URL of the OpenID provider that"
                            + " issues them (QUARKUS_OIDC_AUTH_SERVER_URL in the environment), or"
                            + " parley.security.anonymous=true to let everybody read everything");
        }
        if (!discovering && issuer.isEmpty()) {
            throw new ConfigurationException(
                    "Without discovery nobody tells who issues the tokens that may read sessions:"
                            + " set quarkus.oidc.token.issuer to what they say as iss");
        }
        if (audience.isEmpty()) {
            throw new ConfigurationException(
                    "It is not said for whom the tokens must be issued that may read sessions: set"
                            + " quarkus.oidc.token.audience to what they say as aud");
        }
    }
}
