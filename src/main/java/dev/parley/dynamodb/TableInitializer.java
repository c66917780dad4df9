package dev.parley.dynamodb;

import static dev.parley.dynamodb.TableConfig.Mode.CREATE;
import static dev.parley.dynamodb.TableConfig.Mode.OFF;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;

/**
 * Makes or checks the table at start, as {@link TableConfig#mode()} says, and makes its name and
 * ARN known: in the log and in {@link TableReadiness}.
 *
 * <p>It waits for a store that can't be reached yet, for as long as it takes; the service is not
 * ready meanwhile. A table that differs from {@link SessionTable} ends the service: nothing that it
 * could do would be right.
 */
@ApplicationScoped
class TableInitializer {

    private static final Logger LOG = Logger.getLogger(TableInitializer.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** How far the table is. */
    sealed interface State {
        record Pending(String reason) implements State {}

        record Ready(String arn) implements State {}

        /** The operator chose not to have it looked at. */
        record Unchecked() implements State {}

        record Unusable(String reason) implements State {}
    }

    private final DynamoDbAsyncClient client;
    private final TableConfig config;
    private final Uni<Void> usable;
    private volatile State state = new State.Pending("not looked at yet");

    TableInitializer(DynamoDbAsyncClient client, TableConfig config) {
        this.client = client;
        this.config = config;
        this.usable =
                config.mode() == OFF
                        ? Uni.createFrom().voidItem()
                        : prepare().replaceWithVoid().memoize().indefinitely();
    }

    /** Completes when the table is there and may be written to; the work is done once. */
    Uni<Void> usable() {
        return usable;
    }

    State state() {
        return state;
    }

    void onStart(@Observes StartupEvent event) {
        if (config.mode() == OFF) {
            state = new State.Unchecked();
            LOG.infof("Table %s is used as it is (parley.table.mode=off)", config.name());
            return;
        }
        usable.subscribe()
                .with(
                        done -> {},
                        failure -> {
                            LOG.error(failure.getMessage());
                            Quarkus.asyncExit(1);
                        });
    }

    /** Completes when sessions can be kept; fails with {@link UnusableTableException}. */
    Uni<TableDescription> prepare() {
        return Uni.createFrom()
                .deferred(this::describe)
                .chain(this::checked)
                .onFailure(failure -> !(failure instanceof UnusableTableException))
                .invoke(this::pending)
                .onFailure(failure -> !(failure instanceof UnusableTableException))
                .retry()
                .withBackOff(FIRST_WAIT, LONGEST_WAIT)
                .indefinitely()
                .invoke(this::ready)
                .onFailure(UnusableTableException.class)
                .invoke(failure -> state = new State.Unusable(reason(failure)));
    }

    private void ready(TableDescription table) {
        state = new State.Ready(table.tableArn());
        LOG.infof("Table %s is ready: %s", table.tableName(), table.tableArn());
    }

    private void pending(Throwable failure) {
        String reason = reason(failure);
        state = new State.Pending(reason);
        LOG.infof("Waiting for table %s: %s", config.name(), reason);
    }

    private static String reason(Throwable failure) {
        Throwable cause = DynamoDbFailures.cause(failure);
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private Uni<TableDescription> describe() {
        return Uni.createFrom()
                .completionStage(() -> client.describeTable(r -> r.tableName(config.name())))
                .map(response -> response.table())
                .onFailure(
                        failure ->
                                DynamoDbFailures.cause(failure)
                                        instanceof ResourceNotFoundException)
                .recoverWithUni(this::absent);
    }

    /** Two instances may be here at once: the one that comes second finds the table in use. */
    private Uni<TableDescription> absent() {
        if (config.mode() != CREATE) {
            return Uni.createFrom()
                    .failure(
                            new UnusableTableException(
                                    "There is no table %s: create it, or start with parley.table.mode=create."
                                            .formatted(config.name())));
        }
        return Uni.createFrom()
                .completionStage(
                        () -> client.createTable(SessionTable.createRequest(config.name())))
                .map(response -> response.tableDescription())
                .onFailure(
                        failure ->
                                DynamoDbFailures.cause(failure) instanceof ResourceInUseException)
                .transform(failure -> new StillComing("it is being created by someone else"));
    }

    private Uni<TableDescription> checked(TableDescription table) {
        if (table.tableStatus() != TableStatus.ACTIVE
                && table.tableStatus() != TableStatus.UPDATING) {
            return Uni.createFrom()
                    .failure(new StillComing("it is " + table.tableStatusAsString()));
        }
        return expiry().map(
                        expiry -> {
                            List<String> differences = new ArrayList<>(TableDifferences.of(table));
                            differences.addAll(TableDifferences.of(expiry));
                            if (!differences.isEmpty()) {
                                throw UnusableTableException.differing(config.name(), differences);
                            }
                            return table;
                        });
    }

    private Uni<TimeToLiveDescription> expiry() {
        return Uni.createFrom()
                .completionStage(() -> client.describeTimeToLive(r -> r.tableName(config.name())))
                .map(response -> response.timeToLiveDescription())
                .chain(
                        expiry ->
                                config.mode() == CREATE && !TableDifferences.of(expiry).isEmpty()
                                        ? switchExpiryOn()
                                        : Uni.createFrom().item(expiry));
    }

    private Uni<TimeToLiveDescription> switchExpiryOn() {
        return Uni.createFrom()
                .completionStage(
                        () ->
                                client.updateTimeToLive(
                                        r ->
                                                r.tableName(config.name())
                                                        .timeToLiveSpecification(
                                                                s ->
                                                                        s.enabled(true)
                                                                                .attributeName(
                                                                                        SessionTable
                                                                                                .EXPIRES_AT))))
                .onFailure(failure -> DynamoDbFailures.cause(failure) instanceof DynamoDbException)
                .transform(failure -> new StillComing("its time to live is being changed"))
                .chain(
                        () ->
                                Uni.createFrom()
                                        .failure(new StillComing("its time to live comes on")));
    }

    /** Not there yet, but on its way. */
    private static final class StillComing extends RuntimeException {
        private static final long serialVersionUID = 1;

        StillComing(String message) {
            super(message);
        }
    }
}
