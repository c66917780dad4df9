package dev.parley.dynamodb.table;

import static dev.parley.dynamodb.layout.TableConfig.Mode.CREATE;
import static dev.parley.dynamodb.layout.TableConfig.Mode.OFF;

import dev.parley.dynamodb.client.DynamoDbFailures;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TableConfig;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;

/**
 * Creates or checks the table at start, as {@link TableConfig#mode()} configures. It reports the
 * name and the ARN of the table in the log and in {@link TableReadiness}.
 *
 * <p>If DynamoDB can't be reached, it waits without a time limit, and the service is not ready
 * meanwhile. If the table differs from {@link SessionTable}, it stops the service, because nothing
 * that the service could do with that table would be right.
 *
 * <p>An existing table is only checked, with one exception in the mode {@code create}. A process
 * that created the table for Parley may have crashed before it enabled the time to live. The time
 * to live is then enabled, if {@link TableOrigin} shows that the table was created for Parley. On a
 * table of another owner it would delete items.
 */
@Singleton
public final class TableInitializer {

    private static final Logger LOG = Logger.getLogger(TableInitializer.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** The state of the table. */
    sealed interface State {
        record Pending(String reason) implements State {}

        record Ready(String arn) implements State {}

        /** The operator has disabled the check. */
        record Unchecked() implements State {}

        record Unusable(String reason) implements State {}
    }

    private final DynamoDbAsyncClient client;
    private final TableConfig config;
    private final Uni<Void> usable;
    private final TableOrigin origin;
    private final ListIndexes indexes;
    private volatile State state = new State.Pending("the table has not been checked yet");

    public TableInitializer(DynamoDbAsyncClient client, TableConfig config) {
        this.client = client;
        this.config = config;
        this.origin = new TableOrigin(client);
        this.indexes = new ListIndexes(client, config.name());
        this.usable =
                config.mode() == OFF
                        ? Uni.createFrom().voidItem()
                        : prepare().replaceWithVoid().memoize().indefinitely();
    }

    /** Completes when the table exists and may be written to. The check runs only once. */
    public Uni<Void> usable() {
        return usable;
    }

    State state() {
        return state;
    }

    /**
     * Completes at once if lists may be read. DynamoDB may answer from an index that is still being
     * filled, and then leaves out sessions. Until the indexes are filled, this fails with {@link
     * dev.parley.session.SessionStoreException.Unavailable}.
     */
    public Uni<Void> listable() {
        return config.mode() == OFF ? Uni.createFrom().voidItem() : indexes.filled();
    }

    /**
     * Returns the names of the indexes that are not known to be filled; empty if all of them are.
     */
    List<String> awaitedIndexes() {
        return indexes.awaited();
    }

    void onStart(@Observes StartupEvent event) {
        if (config.mode() == OFF) {
            state = new State.Unchecked();
            LOG.infof("Table %s is not checked (parley.table.mode=off)", config.name());
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

    /** Completes when the table can store sessions; fails with {@link UnusableTableException}. */
    Uni<TableDescription> prepare() {
        return Uni.createFrom()
                .deferred(this::describe)
                .chain(this::check)
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
        indexes.track(table);
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
                .recoverWithUni(this::createIfAllowed);
    }

    /**
     * Creates the table, if the mode allows it. Two instances may do this at the same time: the
     * second one learns that the table is in use.
     */
    private Uni<TableDescription> createIfAllowed() {
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
                .invoke(created -> origin.createdHere())
                .onFailure(
                        failure ->
                                DynamoDbFailures.cause(failure) instanceof ResourceInUseException)
                .transform(failure -> new NotReadyException("another process is creating it"));
    }

    private Uni<TableDescription> check(TableDescription table) {
        if (table.tableStatus() != TableStatus.ACTIVE
                && table.tableStatus() != TableStatus.UPDATING) {
            return notReadyYet("it is " + table.tableStatusAsString());
        }
        return Uni.createFrom()
                .completionStage(() -> client.describeTimeToLive(r -> r.tableName(config.name())))
                .chain(response -> check(table, response.timeToLiveDescription()));
    }

    private Uni<TableDescription> check(
            TableDescription table, @Nullable TimeToLiveDescription expiry) {
        List<String> differences = new ArrayList<>(TableDifferences.of(table));
        List<String> expiryDifferences = TableDifferences.of(expiry);
        if (config.mode() == CREATE && differences.isEmpty() && !expiryDifferences.isEmpty()) {
            return switch (TableDifferences.expiry(expiry)) {
                case DISABLED -> complete(table);
                case DISABLING -> notReadyYet("its time to live is being disabled");
                case ENABLED, ENABLING, UNKNOWN_TO_SDK_VERSION -> unusable(expiryDifferences);
            };
        }
        differences.addAll(expiryDifferences);
        return differences.isEmpty() ? Uni.createFrom().item(table) : unusable(differences);
    }

    private Uni<TableDescription> unusable(List<String> differences) {
        return Uni.createFrom()
                .failure(() -> UnusableTableException.differing(config.name(), differences));
    }

    /**
     * Enables the time to live of a table that is complete otherwise, if it was created for Parley.
     */
    private Uni<TableDescription> complete(TableDescription table) {
        return origin.determine(table)
                .chain(
                        answer ->
                                switch (answer) {
                                    case TableOrigin.Answer.Own own -> enableExpiry();
                                    case TableOrigin.Answer.NotKnownYet wait ->
                                            notReadyYet(wait.reason());
                                    case TableOrigin.Answer.Foreign foreign ->
                                            unusable(
                                                    List.of(
                                                            "its time to live is off, and Parley"
                                                                    + " does not enable it, because "
                                                                    + foreign.reason()));
                                });
    }

    /**
     * Enables the time to live. Two instances may do this at the same time, and DynamoDB rejects
     * the request of the second one.
     */
    private Uni<TableDescription> enableExpiry() {
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
                .transform(
                        failure ->
                                new NotReadyException(
                                        "its time to live could not be enabled yet: "
                                                + reason(failure)))
                .chain(() -> notReadyYet("its time to live is being enabled"));
    }

    private static <T> Uni<T> notReadyYet(String reason) {
        return Uni.createFrom().failure(() -> new NotReadyException(reason));
    }

    /** The table is not ready yet, but will be. */
    private static final class NotReadyException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotReadyException(String message) {
            super(message);
        }
    }
}
