package dev.parley.dynamodb.table;

import dev.parley.dynamodb.layout.TableConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the table is ACTIVE and matches the schema, or if the check is off. The response
 * contains the name of the table and, after the check, its ARN.
 */
@Readiness
@ApplicationScoped
class TableReadiness implements HealthCheck {

    private final TableInitializer initializer;
    private final TableConfig config;

    TableReadiness(TableInitializer initializer, TableConfig config) {
        this.initializer = initializer;
        this.config = config;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("DynamoDB table").withData("table", config.name());
        return switch (initializer.state()) {
            case TableInitializer.State.Ready ready ->
                    withIndexes(response.up().withData("arn", ready.arn())).build();
            case TableInitializer.State.Unchecked unchecked ->
                    response.up().withData("checked", false).build();
            case TableInitializer.State.Pending pending ->
                    response.down().withData("reason", pending.reason()).build();
            case TableInitializer.State.Unusable unusable ->
                    response.down().withData("reason", unusable.reason()).build();
        };
    }

    /**
     * Adds the indexes that are not ACTIVE. Lists fail until then, but everything else can be read.
     */
    private HealthCheckResponseBuilder withIndexes(HealthCheckResponseBuilder response) {
        List<String> awaited = initializer.awaitedIndexes();
        return awaited.isEmpty()
                ? response
                : response.withData("indexesNotActive", String.join(", ", awaited));
    }
}
