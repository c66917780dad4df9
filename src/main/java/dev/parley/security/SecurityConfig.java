package dev.parley.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * Settings that determine who may read. All further settings are those of Quarkus OIDC ({@code
 * quarkus.oidc.*}).
 */
@ConfigMapping(prefix = "parley.security")
interface SecurityConfig {

    /**
     * Whether everybody who can reach the service may read every session, without a token. The
     * service logs a warning about it at each start. It is on in development. It should be off in
     * every service that stores what people said.
     */
    @WithDefault("false")
    boolean anonymous();
}
