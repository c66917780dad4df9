package dev.parley.dynamodb.table;

import dev.parley.dynamodb.layout.TableConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What a table is like whose operator says nothing. */
public final class TableDefaults {

    private TableDefaults() {}

    /** How long a turn is kept. */
    public static Duration retention() {
        return DurationConverter.parseDuration(of("retention"));
    }

    /** Partitions per day of the index by day. */
    public static int dayShards() {
        return Integer.parseInt(of("dayShards"));
    }

    private static String of(String setting) {
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
