package dev.parley.dynamodb;

import dev.parley.session.Consistency;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/**
 * The very request that the service makes for {@code GET /sessions/{id}}, to be sent without it.
 */
public final class ReadOfASession {

    private final GetItemRequest read;

    private ReadOfASession(GetItemRequest read) {
        this.read = read;
    }

    /** Has them made, in that order. */
    public static List<ReadOfASession> of(String table, List<String> sessionIds) {
        RecordingDynamoDb recorder = new RecordingDynamoDb();
        LocalTable.Config config = new LocalTable.Config(table, TableConfig.Mode.OFF);
        DynamoDb dynamoDb =
                new DynamoDb(recorder, config, new SimpleMeterRegistry(), OpenTelemetry.noop());
        DynamoDbSessionReader reader =
                new DynamoDbSessionReader(
                        dynamoDb, config, LocalTable.RETENTION, Clock.systemUTC());
        sessionIds.forEach(
                sessionId -> reader.find(sessionId, Consistency.EVENTUAL).await().indefinitely());
        return recorder.reads().stream().map(ReadOfASession::new).toList();
    }

    /** Sends it and gives the session's item, empty if there is none. */
    public CompletableFuture<Map<String, AttributeValue>> sendTo(DynamoDbAsyncClient client) {
        return client.getItem(read).thenApply(GetItemResponse::item);
    }

    /** How many turns are in an item. */
    public static int turns(Map<String, AttributeValue> item) {
        return HeadItems.toHead(item).tail().turns().size();
    }

    /** Bytes of the turns in an item, as they are stored; 0 if there are none. */
    public static int bytes(Map<String, AttributeValue> item) {
        AttributeValue turns = item.get(SessionTable.TURNS);
        return turns == null ? 0 : turns.b().asByteArrayUnsafe().length;
    }
}
