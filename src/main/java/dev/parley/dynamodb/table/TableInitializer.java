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
 * Makes or checks the table at start, as {@link TableConfig#mode()} says, and makes its name and
 * ARN known: in the log and in {@link TableReadiness}.
 *
 * <p>It waits for a store that can't be reached yet, for as long as it takes; the service is not
 * ready meanwhile. A table that differs from {@link SessionTable} ends the service: nothing that it
 * could do would be right.
 *
 * <p>A table that is there is only looked at, with one exception: whoever created it for Parley may
 * have died before its expiry was on. That is switched on where {@link TableOrigin} says that the
 * table can be nothing else; on a table of someone else it would delete items.
 */
@Singleton
public final class TableInitializer {

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
    private final TableOrigin origin;
    private final ListIndexes indexes;
    private volatile State state = new State.Pending("not looked at yet");

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

    /** Completes when the table is there and may be written to; the work is done once. */
    public Uni<Void> usable() {
        return usable;
    }

    State state() {
        return state;
    }

    /**
     * Completes at once if lists may be read: DynamoDB may answer from an index that is still being
     * filled, and then leave out sessions. Fails with {@link SessionStoreException.Unavailable}.
     */
    public Uni<Void> listable() {
        return config.mode() == OFF ? Uni.createFrom().voidItem() : indexes.filled();
    }

    /** What {@link #listable} waits for, by name; empty if it does not. */
    List<String> awaitedIndexes() {
        return indexes.awaited();
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
        indexes.lookedAt(table);
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
                .invoke(created -> origin.createdHere())
                .onFailure(
                        failure ->
                                DynamoDbFailures.cause(failure) instanceof ResourceInUseException)
                .transform(failure -> new StillComing("it is being created by someone else"));
    }

    private Uni<TableDescription> checked(TableDescription table) {
        if (table.tableStatus() != TableStatus.ACTIVE
                && table.tableStatus() != TableStatus.UPDATING) {
            return stillComing("it is " + table.tableStatusAsString());
        }
        return Uni.createFrom()
                .completionStage(() -> client.describeTimeToLive(r -> r.tableName(config.name())))
                .chain(response -> checked(table, response.timeToLiveDescription()));
    }

    private Uni<TableDescription> checked(
            TableDescription table, @Nullable TimeToLiveDescription expiry) {
        List<String> differences = new ArrayList<>(TableDifferences.of(table));
        List<String> ofExpiry = TableDifferences.of(expiry);
        if (config.mode() == CREATE && differences.isEmpty() && !ofExpiry.isEmpty()) {
            return switch (TableDifferences.expiry(expiry)) {
                case DISABLED -> completed(table);
                case DISABLING -> stillComing("its time to live is being switched off");
                case ENABLED, ENABLING, UNKNOWN_TO_SDK_VERSION -> differing(ofExpiry);
            };
        }
        differences.addAll(ofExpiry);
        return differences.isEmpty() ? Uni.createFrom().item(table) : differing(differences);
    }

    private Uni<TableDescription> differing(List<String> differences) {
        return Uni.createFrom()
                .failure(() -> UnusableTableException.differing(config.name(), differences));
    }

    /** Switches on the expiry of a table that has everything else, if it is one of Parley's. */
    private Uni<TableDescription> completed(TableDescription table) {
        return origin.of(table)
                .chain(
                        answer ->
                                switch (answer) {
                                    case TableOrigin.Answer.Own own -> switchExpiryOn();
                                    case TableOrigin.Answer.NotKnownYet wait ->
                                            stillComing(wait.reason());
                                    case TableOrigin.Answer.Foreign foreign ->
                                            differing(
                                                    List.of(
                                                            "its time to live is off, and is left"
                                                                    + " so, because "
                                                                    + foreign.reason()));
                                });
    }

    /** Two instances may be here at once, and DynamoDB refuses the second one's request. */
    private Uni<TableDescription> switchExpiryOn() {
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
                                new StillComing(
                                        "its time to live could not be switched on yet: "
                                                + reason(failure)))
                .chain(() -> stillComing("its time to live comes on"));
    }

    private static <T> Uni<T> stillComing(String reason) {
        return Uni.createFrom().failure(() -> new StillComing(reason));
    }

    /** Not there yet, but on its way. */
    private static final class StillComing extends RuntimeException {
        private static final long serialVersionUID = 1;

        StillComing(String message) {
            super(message);
        }
    }
}
