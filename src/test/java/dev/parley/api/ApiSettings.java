package dev.parley.api;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;

/** Creates an {@link ApiConfig} for tests without a running service. */
final class ApiSettings {

    private static final int CONVERTER_PRIORITY = 200;

    private ApiSettings() {}

    static ApiConfig defaults() {
        return from(new SmallRyeConfigBuilder());
    }

    /**
     * @param name the name of the property, without the prefix {@code parley.api}
     */
    static ApiConfig with(String name, String value) {
        return from(new SmallRyeConfigBuilder().withDefaultValue("parley.api." + name, value));
    }

    private static ApiConfig from(SmallRyeConfigBuilder config) {
        return config.withConverter(Duration.class, CONVERTER_PRIORITY, new DurationConverter())
                .withMapping(ApiConfig.class)
                .build()
                .getConfigMapping(ApiConfig.class);
    }
}
