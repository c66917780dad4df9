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
 * Determines, before anything is served, whose tokens are accepted. A service that would admit no
 * caller, or admit every caller without being configured to do so, does not start.
 */
@Singleton
class TokenProvider {

    private static final Logger LOG = Logger.getLogger(TokenProvider.class);

    private final SecurityConfig config;
    private final SignIn signIn;

    /** False for the command {@code replay}, which serves nothing. */
    private final boolean serving;

    private final Optional<String> provider;
    private final Optional<String> issuer;
    private final boolean usesDiscovery;
    private final Optional<List<String>> audience;

    TokenProvider(
            SecurityConfig config,
            SignIn signIn,
            @ConfigProperty(name = "quarkus.http.host-enabled", defaultValue = "true")
                    boolean serving,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> provider,
            @ConfigProperty(name = "quarkus.oidc.token.issuer") Optional<String> issuer,
            @ConfigProperty(name = "quarkus.oidc.discovery-enabled", defaultValue = "true")
                    boolean usesDiscovery,
            @ConfigProperty(name = "quarkus.oidc.token.audience") Optional<List<String>> audience) {
        this.config = config;
        this.signIn = signIn;
        this.serving = serving;
        this.provider = provider;
        this.issuer = issuer;
        this.usesDiscovery = usesDiscovery;
        this.audience = audience;
    }

    /**
     * Applies the configuration. Quarkus sends this event before it connects to the configured
     * provider.
     */
    void configure(@Observes Oidc oidc) {
        signIn.configure(oidc, serving);
        if (serving && !config.anonymous()) {
            requireSettings();
            LOG.infof(
                    "Reading requires a token that %s issued for the audience %s",
                    issuer.or(() -> provider).orElseThrow(),
                    String.join(" or ", audience.orElseThrow()));
            return;
        }
        if (serving) {
            LOG.warn(
                    "Everybody who can reach this service can read every session, because"
                            + " parley.security.anonymous=true");
        }
        oidc.create(OidcTenantConfig.builder().tenantEnabled(false).build());
    }

    /** Verifies the settings without which no caller could read, or too many callers could. */
    private void requireSettings() {
        if (provider.isEmpty()) {
            throw new ConfigurationException(
                    "No provider is configured whose tokens may read sessions: set"
                            + " quarkus.oidc.auth-server-url to the URL of the OpenID provider that"
                            + " issues them (QUARKUS_OIDC_AUTH_SERVER_URL in the environment), or"
                            + " parley.security.anonymous=true to let everybody read all sessions");
        }
        if (!usesDiscovery && issuer.isEmpty()) {
            throw new ConfigurationException(
                    "Discovery is disabled, and no issuer of tokens is configured: set"
                            + " quarkus.oidc.token.issuer to the claim iss of the tokens that may"
                            + " read sessions");
        }
        if (audience.isEmpty()) {
            throw new ConfigurationException(
                    "No audience of tokens is configured: set quarkus.oidc.token.audience to the"
                            + " claim aud of the tokens that may read sessions");
        }
    }
}
