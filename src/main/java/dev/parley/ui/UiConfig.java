package dev.parley.ui;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the UI. */
@ConfigMapping(prefix = "parley.ui")
interface UiConfig {

    /**
     * Whether {@code /ui/} is served, and {@code /} redirects browsers to it. The UI shows its
     * reader what they may read over REST.
     */
    @WithDefault("false")
    boolean enabled();
}
