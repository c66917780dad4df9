package dev.parley.dynamodb;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.Format;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.dynamodb.plan.SessionPlanner;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Produces the objects whose classes do not read the configuration themselves. */
@Dependent
class SessionLayoutProducer {

    @Produces
    @Singleton
    Retention retention(
            TableConfig config,
            // IngestConfig defines the default: ingestion and reads have the same bound.
            @ConfigProperty(name = "parley.ingest.max-ahead") Duration skew) {
        return new Retention(config.retention(), config.deletionMemory(), skew);
    }

    @Produces
    @Singleton
    HeadItems headItems(Retention retention, TableConfig config) {
        return new HeadItems(retention, config.dayShards(), Format.of(config.format()));
    }

    @Produces
    @Singleton
    SessionPlanner sessionPlanner(Retention retention, HeadItems items, TableConfig config) {
        return new SessionPlanner(
                retention,
                new BlockSize(
                        config.tailBytes(),
                        config.pageBytes(),
                        items.format().encoding(config.turns())),
                items,
                config.maxProfileBytes());
    }
}
