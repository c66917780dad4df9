package dev.parley.ui;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Whether there is a page for people. */
@ConfigMapping(prefix = "parley.ui")
interface WebConfig {

    /**
     * Whether {@code /ui/} is served, and {@code /} leads browsers there. It shows what the one who
     * looks may read over REST.
     */
    @WithDefault("false")
    boolean enabled();
}
