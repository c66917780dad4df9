package dev.parley.api;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;

/** {@link ApiConfig} without a service, for tests of what reads it. */
final class ApiSettings {

    private static final int BY_QUARKUS = 200;

    private ApiSettings() {}

    static ApiConfig usual() {
        return from(new SmallRyeConfigBuilder());
    }

    /**
     * @param name without {@code parley.api}
     */
    static ApiConfig with(String name, String value) {
        return from(new SmallRyeConfigBuilder().withDefaultValue("parley.api." + name, value));
    }

    private static ApiConfig from(SmallRyeConfigBuilder config) {
        return config.withConverter(Duration.class, BY_QUARKUS, new DurationConverter())
                .withMapping(ApiConfig.class)
                .build()
                .getConfigMapping(ApiConfig.class);
    }
}
