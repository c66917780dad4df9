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
 * The requests that the service makes for the first two turns of a session if each is a request of
 * its own, so that they can be sent without the service.
 */
public final class TurnRequests {

    private final GetItemRequest read;
    private final UpdateItemRequest firstWrite;
    private final UpdateItemRequest secondWrite;

    private TurnRequests(
            GetItemRequest read, UpdateItemRequest firstWrite, UpdateItemRequest secondWrite) {
        this.read = read;
        this.firstWrite = firstWrite;
        this.secondWrite = secondWrite;
    }

    /**
     * Lets the writer of the service build the requests, and records them.
     *
     * @param first the first turns of new sessions, one of each
     * @param second the second turns of the same sessions, in the same order
     */
    public static List<TurnRequests> record(
            String table, List<? extends SessionEvent> first, List<? extends SessionEvent> second) {
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
        List<UpdateItemRequest> writes = recorder.writes();
        return IntStream.range(0, first.size())
                .mapToObj(
                        i -> {
                            apply(first.get(i), writer);
                            apply(second.get(i), writer);
                            return new TurnRequests(
                                    recorder.reads().getLast(),
                                    writes.get(writes.size() - 2),
                                    writes.getLast());
                        })
                .toList();
    }

    private static void apply(SessionEvent turn, DynamoDbSessionWriter writer) {
        writer.apply(turn.sessionId(), List.of(turn)).await().indefinitely();
    }

    /** Sends the read and the write of the first turn. */
    public CompletableFuture<UpdateItemResponse> sendFirst(DynamoDbAsyncClient client) {
        return client.getItem(read).thenCompose(nothing -> client.updateItem(firstWrite));
    }

    /** Sends the write of the second turn, whose session is known. */
    public CompletableFuture<UpdateItemResponse> sendSecond(DynamoDbAsyncClient client) {
        return client.updateItem(secondWrite);
    }
}
