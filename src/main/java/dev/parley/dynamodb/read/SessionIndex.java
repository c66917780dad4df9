package dev.parley.dynamodb.read;

import static java.util.Objects.requireNonNull;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.read.IndexSlice.Entry;
import dev.parley.session.TimeRange;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Reads the two indexes in parts, newest first. */
public final class SessionIndex {

    /** The number of concurrent requests of one reader, for the shards of a day. */
    private static final int CONCURRENCY = 4;

    /**
     * The number of entries to read if a filter drops some of them. Entries are small, and a read
     * is charged per 4 KB.
     */
    private static final int FILTERED_LIMIT = 250;

    /**
     * The number of entries to read if a filter drops nearly all of them. A response has at most 1
     * MB.
     */
    private static final int MOVED_LIMIT = 5_000;

    private static final Duration ONE_NANOSECOND = Duration.ofNanos(1);

    private final DynamoDb dynamoDb;
    private final int dayShards;

    public SessionIndex(DynamoDb dynamoDb, int dayShards) {
        this.dynamoDb = dynamoDb;
        this.dayShards = dayShards;
    }

    /** One partition of one index. */
    private record Partition(String index, String attribute, String value, int shard) {}

    /** The part of a partition that is read. */
    private record Part(
            Partition partition, TimeRange started, Optional<SessionCursor> after, int limit) {}

    /**
     * Which entries are wanted.
     *
     * @param channel only sessions of this channel
     * @param movedSince only sessions whose start moved after this time
     */
    record Filter(Optional<String> channel, Optional<Instant> movedSince) {
        boolean dropsSome() {
            return channel.isPresent() || movedSince.isPresent();
        }
    }

    /** Returns the sessions of a user that started in the given range, from the cursor on. */
    Uni<IndexSlice> ofUser(
            String userId, TimeRange started, SessionCursor cursor, Filter filter, int limit) {
        Partition user = new Partition(SessionTable.BY_USER, SessionTable.USER_ID, userId, 0);
        return read(part(user, started, cursor, filter, limit), filter);
    }

    /**
     * Returns the sessions that started on the given day and in the given range, from the cursor
     * on.
     */
    Uni<IndexSlice> ofDay(
            LocalDate day, TimeRange started, SessionCursor cursor, Filter filter, int limit) {
        List<Uni<IndexSlice>> shards =
                IntStream.range(0, dayShards)
                        .mapToObj(shard -> partition(day, shard))
                        .map(each -> read(part(each, started, cursor, filter, limit), filter))
                        .toList();
        return Multi.createFrom()
                .iterable(shards)
                .onItem()
                .transformToUni(shard -> shard)
                .merge(CONCURRENCY)
                .collect()
                .asList()
                .map(IndexSlice::merge);
    }

    private static Partition partition(LocalDate day, int shard) {
        return new Partition(
                SessionTable.BY_DAY,
                SessionTable.DAY_SHARD,
                SessionTable.dayShard(day, shard),
                shard);
    }

    static LocalDate day(Instant moment) {
        return LocalDate.ofInstant(moment, ZoneOffset.UTC);
    }

    /**
     * Returns the part of a partition to read. At the moment of the cursor, lower shards have
     * returned all of their sessions, and higher shards none.
     */
    private static Part part(
            Partition partition,
            TimeRange started,
            SessionCursor cursor,
            Filter filter,
            int limit) {
        boolean excludesMoment = cursor.isBetweenMoments() || partition.shard() < cursor.shard();
        Instant end = excludesMoment ? cursor.at() : cursor.at().plus(ONE_NANOSECOND);
        TimeRange remaining =
                new TimeRange(started.from(), max(started.from(), min(started.to(), end)));
        boolean resumes = !cursor.isBetweenMoments() && partition.shard() == cursor.shard();
        return new Part(
                partition,
                remaining,
                resumes ? Optional.of(cursor) : Optional.empty(),
                filter.movedSince().isPresent()
                        ? MOVED_LIMIT
                        : filter.dropsSome() ? FILTERED_LIMIT : limit);
    }

    private Uni<IndexSlice> read(Part part, Filter filter) {
        return part.started().isEmpty()
                ? Uni.createFrom().item(IndexSlice.EMPTY)
                : dynamoDb.query(request(part, filter))
                        .map(response -> slice(response, part.partition().shard()));
    }

    private static QueryRequest.Builder request(Part part, Filter filter) {
        Partition partition = part.partition();
        Map<String, String> names = new HashMap<>();
        names.put("#partition", partition.attribute());
        names.put("#startedAt", SessionTable.STARTED_AT);
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":partition", Attributes.text(partition.value()));
        values.put(":from", Attributes.time(part.started().from()));
        values.put(":to", Attributes.time(part.started().to().minus(ONE_NANOSECOND)));
        QueryRequest.Builder request =
                QueryRequest.builder()
                        .indexName(partition.index())
                        .keyConditionExpression(
                                "#partition = :partition AND #startedAt BETWEEN :from AND :to")
                        .scanIndexForward(false)
                        .limit(part.limit());
        List<String> filters = new ArrayList<>();
        filter.channel()
                .ifPresent(
                        wanted -> {
                            names.put("#channel", SessionTable.CHANNEL);
                            values.put(":channel", Attributes.text(wanted));
                            filters.add("#channel = :channel");
                        });
        filter.movedSince()
                .ifPresent(
                        moment -> {
                            names.put("#moves", SessionTable.START_MOVES);
                            values.put(":moved", Attributes.time(moment));
                            filters.add("#moves[0] > :moved");
                        });
        if (!filters.isEmpty()) {
            request.filterExpression(String.join(" AND ", filters));
        }
        part.after()
                .ifPresent(
                        cursor ->
                                request.exclusiveStartKey(
                                        Map.of(
                                                partition.attribute(),
                                                Attributes.text(partition.value()),
                                                SessionTable.STARTED_AT,
                                                Attributes.time(cursor.at()),
                                                SessionTable.SESSION_ID,
                                                Attributes.text(cursor.sessionId()))));
        return request.expressionAttributeNames(names).expressionAttributeValues(values);
    }

    private static IndexSlice slice(QueryResponse response, int shard) {
        return new IndexSlice(
                response.items().stream().map(item -> entry(item, shard)).toList(),
                response.hasLastEvaluatedKey() && !response.lastEvaluatedKey().isEmpty()
                        ? Optional.of(entry(response.lastEvaluatedKey(), shard))
                        : Optional.empty());
    }

    private static Entry entry(Map<String, AttributeValue> item, int shard) {
        Instant startedAt = Attributes.time(item, SessionTable.STARTED_AT);
        return new Entry(
                requireNonNull(startedAt),
                shard,
                Attributes.text(item, SessionTable.SESSION_ID).orElseThrow());
    }

    private static Instant min(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant max(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
