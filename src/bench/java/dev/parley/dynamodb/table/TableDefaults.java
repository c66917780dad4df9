package dev.parley.dynamodb.table;

import dev.parley.dynamodb.layout.TableConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The defaults of the table configuration, read from the annotations of {@link TableConfig}. */
public final class TableDefaults {

    private TableDefaults() {}

    /** Returns how long a turn is kept. */
    public static Duration retention() {
        return DurationConverter.parseDuration(defaultOf("retention"));
    }

    /** Returns the number of partitions per day of the index by day. */
    public static int dayShards() {
        return Integer.parseInt(defaultOf("dayShards"));
    }

    private static String defaultOf(String setting) {
        try {
            return TableConfig.class
                    .getDeclaredMethod(setting)
                    .getAnnotation(WithDefault.class)
                    .value();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }
}
