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

/** Has the service's reader read a table once, and keeps what it asks for. */
public final class RecordedReads {

    private final List<RequestsOfARead.Request> requests = new ArrayList<>();
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

    public RequestsOfARead session(String id) {
        return recorded(
                reader.find(id, Consistency.EVENTUAL)
                        .map(found -> found.orElseThrow().recentTurns().size()));
    }

    /** The oldest turns. */
    public RequestsOfARead turns(String id, int limit) {
        return recorded(
                reader.listTurns(id, oldestFirst(limit))
                        .map(found -> found.orElseThrow().items().size()));
    }

    /** All of the turns. */
    public RequestsOfARead history(String id) {
        return recorded(
                reader.streamTurns(id, oldestFirst(1))
                        .chain(
                                found ->
                                        found.orElseThrow()
                                                .collect()
                                                .with(Collectors.summingInt(List::size))));
    }

    /** The newest sessions. */
    public RequestsOfARead sessions(String userId, int limit) {
        SessionQuery all =
                new SessionQuery(
                        Optional.of(userId),
                        TimeRange.ALL,
                        Optional.empty(),
                        Optional.empty(),
                        limit,
                        Optional.empty());
        return recorded(reader.list(all).map(ResultPage::items).map(List::size));
    }

    private static TurnQuery oldestFirst(int limit) {
        return TurnQuery.all(TurnQuery.Order.OLDEST_FIRST, limit, Optional.empty());
    }

    private RequestsOfARead recorded(Uni<Integer> read) {
        requests.clear();
        int found = read.await().indefinitely();
        return new RequestsOfARead(requests, found);
    }

    /** Sends them on. */
    private record Recorder(DynamoDbAsyncClient client, List<RequestsOfARead.Request> requests)
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
