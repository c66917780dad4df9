package dev.parley.dynamodb;

import static dev.parley.support.Timeouts.TIMEOUT;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.json.Turns;
import dev.parley.local.LocalDynamoDb;
import dev.parley.session.Consistency;
import dev.parley.session.Json;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Reads what a service with the default configuration has stored, in the same way as the service.
 */
public final class StoredSessions implements AutoCloseable {

    private static final int PART_SIZE = 100;

    private final DynamoDbAsyncClient client;
    private final DynamoDbSessionReader reader;

    public StoredSessions(String endpoint) {
        // Mutiny initializes itself at its first stage, which two threads must not do concurrently.
        Uni.createFrom()
                .completionStage(CompletableFuture.completedStage(0))
                .await()
                .indefinitely();
        client = LocalDynamoDb.client(endpoint);
        TableConfig config = new LocalTable.Config("ChatbotSessions", TableConfig.Mode.OFF);
        DynamoDb dynamoDb =
                new DynamoDb(client, config, new SimpleMeterRegistry(), OpenTelemetry.noop());
        reader =
                new DynamoDbSessionReader(
                        dynamoDb,
                        config,
                        new Retention(
                                config.retention(),
                                config.deletionMemory(),
                                LocalTable.RETENTION.skew()),
                        Clock.systemUTC());
    }

    public Optional<Session> find(String sessionId) {
        return reader.find(sessionId, 0, Consistency.EVENTUAL).await().atMost(TIMEOUT);
    }

    /** Returns all turns of a session, oldest first; empty if there is no session. */
    public List<Turn> turns(String sessionId) {
        List<Turn> turns = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            TurnQuery query = TurnQuery.all(TurnQuery.Order.OLDEST_FIRST, PART_SIZE, cursor);
            Optional<ResultPage<Json>> part =
                    reader.listTurns(sessionId, query).await().atMost(TIMEOUT);
            part.ifPresent(result -> turns.addAll(Turns.read(result.items())));
            cursor = part.flatMap(ResultPage::next);
        } while (cursor.isPresent());
        return turns;
    }

    @Override
    public void close() {
        client.close();
    }
}
