package dev.parley.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who may read; the rest is told to Quarkus OIDC ({@code quarkus.oidc.*}). */
@ConfigMapping(prefix = "parley.security")
interface SecurityConfig {

    /**
     * Whether whoever reaches the service may read every session, without a token. Each start warns
     * of it. Development is so; nothing that holds what people said should be.
     */
    @WithDefault("false")
    boolean anonymous();
}
