package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.session.Consistency;
import dev.parley.session.ResultPage;
import dev.parley.session.SessionQuery;
import dev.parley.session.TimeRange;
import dev.parley.session.TurnQuery;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Lets the service's reader read a table once, and records the requests that it sends. */
public final class RecordedReads {

    private final List<ReadRequests.Request> requests = new ArrayList<>();
    private final DynamoDbSessionReader reader;

    public RecordedReads(DynamoDbAsyncClient client, String table) {
        LocalTable.Config config = new LocalTable.Config(table, TableConfig.Mode.OFF);
        DynamoDb dynamoDb =
                new DynamoDb(
                        new Recorder(client, requests),
                        config,
                        new SimpleMeterRegistry(),
                        OpenTelemetry.noop());
        reader =
                new DynamoDbSessionReader(
                        dynamoDb, config, LocalTable.RETENTION, Clock.systemUTC());
    }

    /** Reads a session with its recent turns. */
    public ReadRequests session(String id) {
        return record(
                reader.find(id, LocalTable.SHOWN_TURNS, Consistency.EVENTUAL)
                        .map(found -> found.orElseThrow().recentTurns().size()));
    }

    /** Reads the oldest turns. */
    public ReadRequests turns(String id, int limit) {
        return record(
                reader.listTurns(id, oldestFirst(limit))
                        .map(found -> found.orElseThrow().items().size()));
    }

    /** Reads all turns. */
    public ReadRequests history(String id) {
        return record(
                reader.streamTurns(id, oldestFirst(1))
                        .chain(
                                found ->
                                        found.orElseThrow()
                                                .collect()
                                                .with(Collectors.summingInt(List::size))));
    }

    /** Reads a list of the newest sessions. */
    public ReadRequests sessions(String userId, int limit) {
        SessionQuery all =
                new SessionQuery(
                        Optional.of(userId),
                        TimeRange.ALL,
                        Optional.empty(),
                        Optional.empty(),
                        limit,
                        Optional.empty());
        return record(reader.list(all).map(ResultPage::items).map(List::size));
    }

    private static TurnQuery oldestFirst(int limit) {
        return TurnQuery.all(TurnQuery.Order.OLDEST_FIRST, limit, Optional.empty());
    }

    private ReadRequests record(Uni<Integer> read) {
        requests.clear();
        int found = read.await().indefinitely();
        return new ReadRequests(requests, found);
    }

    /** Records each request and sends it. */
    private record Recorder(DynamoDbAsyncClient client, List<ReadRequests.Request> requests)
            implements DynamoDbAsyncClient {

        @Override
        public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
            requests.add(to -> to.getItem(request).thenApply(answer -> List.of(answer.item())));
            return client.getItem(request);
        }

        @Override
        public CompletableFuture<QueryResponse> query(QueryRequest request) {
            requests.add(to -> to.query(request).thenApply(QueryResponse::items));
            return client.query(request);
        }

        @Override
        public CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
            requests.add(
                    to ->
                            to.batchGetItem(request)
                                    .thenApply(
                                            answer ->
                                                    answer.responses().values().stream()
                                                            .flatMap(List::stream)
                                                            .toList()));
            return client.batchGetItem(request);
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
