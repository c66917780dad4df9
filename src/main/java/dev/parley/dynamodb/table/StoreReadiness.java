package dev.parley.dynamodb.table;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.client.DynamoDbFailures;
import dev.parley.session.SessionStoreException;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while DynamoDB answers, which is what readers need. If there was no recent answer, it
 * requests an item that never exists, for half a read unit.
 */
@Readiness
@ApplicationScoped
class StoreReadiness implements AsyncHealthCheck {

    /**
     * An answer that is no older than this is sufficient. Kubelets check the readiness at the same
     * interval.
     */
    private static final Duration RECENT = Duration.ofSeconds(5);

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final String NO_ANSWER =
            "DynamoDB did not answer within %d s".formatted(TIMEOUT.toSeconds());

    /** The key of no session, because the id of a session never ends like the key of a page. */
    private static final String KEY = "readiness#p0";

    private final DynamoDb dynamoDb;

    StoreReadiness(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        if (dynamoDb.sinceAnswer().compareTo(RECENT) <= 0) {
            return Uni.createFrom().item(up());
        }
        return dynamoDb.get(KEY, false)
                .ifNoItem()
                .after(TIMEOUT)
                .fail()
                .map(item -> up())
                .onFailure()
                .recoverWithItem(StoreReadiness::failed);
    }

    private static HealthCheckResponse up() {
        return HealthCheckResponse.up("DynamoDB");
    }

    /**
     * Returns the state after a failure. A store that throttles is reachable: other instances could
     * not serve its readers any better.
     */
    private static HealthCheckResponse failed(Throwable failure) {
        if (failure instanceof SessionStoreException storeFailure
                && DynamoDbFailures.isThrottling(storeFailure.getCause())) {
            return up();
        }
        String message = failure.getMessage();
        return HealthCheckResponse.named("DynamoDB")
                .down()
                .withData("reason", message == null ? NO_ANSWER : message)
                .build();
    }
}
