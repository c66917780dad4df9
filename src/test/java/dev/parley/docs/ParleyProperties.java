package dev.parley.docs;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lists the properties {@code parley.*} that the code declares. */
public final class ParleyProperties {

    private static final List<String> MAPPINGS =
            List.of(
                    "dev.parley.dynamodb.layout.TableConfig",
                    "dev.parley.ingest.IngestConfig",
                    "dev.parley.api.ApiConfig",
                    "dev.parley.security.SecurityConfig",
                    "dev.parley.ui.UiConfig");

    private ParleyProperties() {}

    /**
     * Returns the default of each property, by name. It is {@code none} if the property has no
     * default.
     */
    public static Map<String, String> withDefaults() {
        Map<String, String> properties = new HashMap<>();
        MAPPINGS.forEach(name -> add(mapping(name), properties));
        return properties;
    }

    /** Adds the mappings of the properties, so that the configuration reads and validates them. */
    public static SmallRyeConfigBuilder mappedBy(SmallRyeConfigBuilder builder) {
        MAPPINGS.forEach(name -> builder.withMapping(mapping(name)));
        return builder;
    }

    private static void add(Class<?> mapping, Map<String, String> properties) {
        String prefix = mapping.getAnnotation(ConfigMapping.class).prefix();
        for (Method method : mapping.getDeclaredMethods()) {
            String name = method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            WithDefault declared = method.getAnnotation(WithDefault.class);
            properties.put(prefix + "." + name, declared == null ? "none" : declared.value());
        }
    }

    private static Class<?> mapping(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
