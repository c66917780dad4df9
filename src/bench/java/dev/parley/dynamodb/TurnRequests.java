package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.dynamodb.pages.PageStore;
import dev.parley.dynamodb.table.TableInitializer;
import dev.parley.dynamodb.write.HeadCache;
import dev.parley.session.SessionEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The requests that the service makes for the first two turns of a session if each is a request of
 * its own, so that they can be sent without the service.
 */
public final class TurnRequests {

    private final GetItemRequest read;
    private final List<UpdateItemRequest> first;
    private final List<UpdateItemRequest> second;

    private TurnRequests(
            GetItemRequest read, List<UpdateItemRequest> first, List<UpdateItemRequest> second) {
        this.read = read;
        this.first = List.copyOf(first);
        this.second = List.copyOf(second);
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
        DynamoDbSessionWriter writer =
                new DynamoDbSessionWriter(
                        new TableInitializer(recorder, config),
                        dynamoDb,
                        new PageStore(dynamoDb),
                        LocalTable.planner(config.maxProfileBytes()),
                        LocalTable.HEAD_ITEMS,
                        new HeadCache(config, new SimpleMeterRegistry()),
                        Clock.systemUTC());
        List<UpdateItemRequest> writes = recorder.writes();
        List<TurnRequests> recorded = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            writer.forget(); // A full cache may evict the head of the first turn at once.
            int start = writes.size();
            apply(first.get(i), writer);
            int between = writes.size();
            apply(second.get(i), writer);
            recorded.add(
                    new TurnRequests(
                            recorder.reads().getLast(),
                            writes.subList(start, between),
                            writes.subList(between, writes.size())));
        }
        return recorded;
    }

    private static void apply(SessionEvent turn, DynamoDbSessionWriter writer) {
        writer.apply(turn.sessionId(), List.of(turn)).await().indefinitely();
    }

    /** Sends the read and the writes of the first turn; nearly always there is one. */
    public CompletableFuture<?> sendFirst(DynamoDbAsyncClient client) {
        return client.getItem(read).thenCompose(nothing -> send(first, client));
    }

    /** Sends the writes of the second turn, whose session is known; nearly always there is one. */
    public CompletableFuture<?> sendSecond(DynamoDbAsyncClient client) {
        return send(second, client);
    }

    private static CompletableFuture<?> send(
            List<UpdateItemRequest> writes, DynamoDbAsyncClient client) {
        CompletableFuture<?> sent = client.updateItem(writes.getFirst());
        for (UpdateItemRequest next : writes.subList(1, writes.size())) {
            sent = sent.thenCompose(done -> client.updateItem(next));
        }
        return sent;
    }
}
