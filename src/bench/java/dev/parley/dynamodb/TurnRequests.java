package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.dynamodb.pages.PageStore;
import dev.parley.dynamodb.plan.SessionPlanner;
import dev.parley.dynamodb.table.TableInitializer;
import dev.parley.dynamodb.write.HeadCache;
import dev.parley.session.SessionEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The requests that the service makes for the first turn of a session, so that they can be sent
 * without the service.
 */
public final class TurnRequests {

    private final GetItemRequest read;
    private final UpdateItemRequest write;

    private TurnRequests(GetItemRequest read, UpdateItemRequest write) {
        this.read = read;
        this.write = write;
    }

    /**
     * Lets the writer of the service build the requests, and records them.
     *
     * @param turns the first turns of new sessions, one of each
     */
    public static List<TurnRequests> record(String table, List<? extends SessionEvent> turns) {
        RecordingDynamoDb recorder = new RecordingDynamoDb();
        LocalTable.Config config = new LocalTable.Config(table, TableConfig.Mode.OFF);
        DynamoDb dynamoDb =
                new DynamoDb(recorder, config, new SimpleMeterRegistry(), OpenTelemetry.noop());
        BlockSize size = new BlockSize(config.tailBytes(), config.turns());
        DynamoDbSessionWriter writer =
                new DynamoDbSessionWriter(
                        new TableInitializer(recorder, config),
                        dynamoDb,
                        new PageStore(dynamoDb),
                        new SessionPlanner(LocalTable.RETENTION, size, config.maxProfileBytes()),
                        new HeadItems(LocalTable.RETENTION, config.dayShards()),
                        new HeadCache(config, new SimpleMeterRegistry()),
                        Clock.systemUTC());
        turns.forEach(turn -> writer.apply(turn.sessionId(), List.of(turn)).await().indefinitely());
        return IntStream.range(0, turns.size())
                .mapToObj(i -> new TurnRequests(recorder.reads().get(i), recorder.writes().get(i)))
                .toList();
    }

    /** Sends the read, then the write. */
    public CompletableFuture<UpdateItemResponse> sendTo(DynamoDbAsyncClient client) {
        return client.getItem(read).thenCompose(nothing -> client.updateItem(write));
    }
}
