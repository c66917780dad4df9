package dev.parley.dynamodb.table;

import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.session.SessionStoreException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * Tracks whether the indexes that lists are read from are filled. An index that is added to a table
 * with sessions takes minutes to hours to be filled. Until then sessions are written and found, but
 * lists are not served. The state of the indexes is checked together with the table at start, and
 * then until they are ACTIVE. If an index is deleted later, DynamoDB refuses to read from it.
 */
final class ListIndexes {

    private static final Logger LOG = Logger.getLogger(ListIndexes.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final DynamoDbAsyncClient client;
    private final String table;
    private volatile List<String> awaited =
            SessionTable.indexes().stream().map(index -> index.indexName()).toList();

    ListIndexes(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    /** Returns the names of the indexes that are not known to be filled. */
    List<String> awaited() {
        return awaited;
    }

    /**
     * Completes if all indexes are filled; otherwise fails with {@link
     * SessionStoreException.Unavailable}.
     */
    Uni<Void> filled() {
        return Uni.createFrom()
                .deferred(
                        () ->
                                awaited.isEmpty()
                                        ? Uni.createFrom().voidItem()
                                        : Uni.createFrom().failure(() -> unavailable(awaited)));
    }

    private static SessionStoreException unavailable(List<String> awaited) {
        return new SessionStoreException.Unavailable(
                "lists can't be read until these indexes are ACTIVE: "
                        + String.join(", ", awaited));
    }

    /** Stores the state of the indexes, and polls it until all of them are filled. */
    void track(TableDescription description) {
        update(description);
        if (!awaited.isEmpty()) {
            LOG.warnf("Lists are not served until these indexes are ACTIVE: %s", awaited);
            Uni.createFrom()
                    .completionStage(() -> client.describeTable(r -> r.tableName(table)))
                    .invoke(response -> update(response.table()))
                    .chain(this::filled)
                    .onFailure()
                    .retry()
                    .withBackOff(FIRST_WAIT, LONGEST_WAIT)
                    .indefinitely()
                    .subscribe()
                    .with(filled -> LOG.info("All indexes are ACTIVE. Lists are served."));
        }
    }

    private void update(TableDescription description) {
        awaited = TableDifferences.unfilledIndexes(description);
    }
}
