package dev.parley.dynamodb;

import static dev.parley.support.Timeouts.TIMEOUT;
import static java.util.Objects.requireNonNull;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.client.ItemUpdate;
import dev.parley.dynamodb.client.WriteResult;
import dev.parley.dynamodb.follow.SessionFollower;
import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.Format;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.ItemChange;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.dynamodb.layout.TextPart;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.dynamodb.pages.PageStore;
import dev.parley.dynamodb.pages.PageWalk;
import dev.parley.dynamodb.plan.SessionPlanner;
import dev.parley.dynamodb.read.LargeTurns;
import dev.parley.dynamodb.read.WholeProfiles;
import dev.parley.dynamodb.table.TableInitializer;
import dev.parley.dynamodb.write.HeadCache;
import dev.parley.json.Turns;
import dev.parley.local.LocalDynamoDb;
import dev.parley.session.Consistency;
import dev.parley.session.Json;
import dev.parley.session.Outcome;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionModel;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A separate table in DynamoDB Local, with writers and readers that have a fixed time. As an
 * extension of a test class, it is closed after the last test.
 */
public final class LocalTable implements AutoCloseable, AfterAllCallback {

    /** Long after the events of the tests, and well before they expire. */
    public static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

    public static final Retention RETENTION =
            new Retention(Duration.ofDays(90), Duration.ofDays(30), SessionModel.SKEW);
    public static final int MAX_PROFILE_BYTES = 262_144;
    public static final int TAIL_BYTES = 1_280;
    public static final int PAGE_BYTES = 2_900;

    /** The sizes of the tail and of the pages, and how turns are stored, as by default. */
    public static final BlockSize BLOCK_SIZE =
            new BlockSize(TAIL_BYTES, PAGE_BYTES, TurnBlock.Encoding.DEFLATED);

    /** Converts heads to items, with as many shards of a day as by default. */
    public static final HeadItems HEAD_ITEMS = new HeadItems(RETENTION, 4, Format.SECOND);

    /** The attributes with turns and with data about users. */
    private static final Set<String> CONTENT =
            Stream.of(
                            PageItem.CONTENT,
                            ProfileItem.CONTENT,
                            TextPart.CONTENT,
                            Set.of(
                                    SessionTable.WAITING_TURNS,
                                    SessionTable.USER_ID,
                                    SessionTable.CHANNEL))
                    .flatMap(Set::stream)
                    .collect(Collectors.toSet());

    /** The number of last turns that are read with a session. */
    public static final int SHOWN_TURNS = 10;

    /** The bounds for large texts in a table with a small tail. */
    private static final int SMALL_LARGE_TEXT = 1_000;

    private static final int SMALL_PART_BYTES = 400;

    private static final long CACHE_BYTES = 1 << 20;

    private final DynamoDbAsyncClient client;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Config config;
    private final TableInitializer initializer;
    private final DynamoDb dynamoDb;

    private LocalTable(Config config) {
        this(config, LocalDynamoDb.client());
    }

    /**
     * Uses the table of this configuration, which may exist already. Closing it closes the client.
     */
    public LocalTable(Config config, DynamoDbAsyncClient client) {
        this.client = client;
        this.config = config;
        this.initializer = new TableInitializer(client, config);
        this.dynamoDb = new DynamoDb(client, config, metrics, OpenTelemetry.noop());
    }

    /** The configuration of a table. */
    public record Config(
            String name, Mode mode, int tailBytes, int requestsInFlight, boolean batchWrites)
            implements TableConfig {

        public Config(String name, Mode mode) {
            this(name, mode, TAIL_BYTES, 4, true);
        }

        Config withTailBytes(int bytes) {
            return new Config(name, mode, bytes, requestsInFlight, batchWrites);
        }

        public Config withRequestsInFlight(int number) {
            return new Config(name, mode, tailBytes, number, batchWrites);
        }

        public Config withoutBatches() {
            return new Config(name, mode, tailBytes, requestsInFlight, false);
        }

        /** Creates a configuration with a name that no other table has. */
        public static Config of(Mode mode) {
            return new Config("test-" + UUID.randomUUID(), mode);
        }

        @Override
        public int pageBytes() {
            return PAGE_BYTES * tailBytes / TAIL_BYTES;
        }

        @Override
        public int format() {
            return 2;
        }

        @Override
        public int dayShards() {
            return 4;
        }

        @Override
        public Duration retention() {
            return RETENTION.events();
        }

        @Override
        public Duration deletionMemory() {
            return RETENTION.deletions();
        }

        @Override
        public int maxProfileBytes() {
            return MAX_PROFILE_BYTES;
        }

        @Override
        public TurnBlock.Encoding turns() {
            return TurnBlock.Encoding.DEFLATED;
        }

        @Override
        public int readConcurrency() {
            return 40;
        }

        @Override
        public Duration watchInterval() {
            return Duration.ofMillis(100);
        }

        @Override
        public long cacheBytes() {
            return CACHE_BYTES;
        }
    }

    /** Creates a planner of sessions with the usual sizes. */
    public static SessionPlanner planner(int maxProfileBytes) {
        return new SessionPlanner(RETENTION, BLOCK_SIZE, HEAD_ITEMS, maxProfileBytes);
    }

    public static LocalTable create() {
        return new LocalTable(Config.of(TableConfig.Mode.CREATE));
    }

    public static LocalTable create(int tailBytes) {
        Config config = Config.of(TableConfig.Mode.CREATE);
        return new LocalTable(config.withTailBytes(tailBytes));
    }

    /** Creates the table. A writer does so itself, before its first write. */
    public void createTable() {
        initializer.usable().await().atMost(TIMEOUT);
    }

    public Config config() {
        return config;
    }

    public List<Outcome> apply(String sessionId, SessionEvent... events) {
        return apply(NOW, sessionId, events);
    }

    public List<Outcome> apply(Instant now, String sessionId, SessionEvent... events) {
        return writer(now).apply(sessionId, List.of(events)).await().atMost(TIMEOUT);
    }

    /** Applies one event and returns its outcome. */
    public Outcome apply(SessionEvent event) {
        return apply(event.sessionId(), event).getFirst();
    }

    public Optional<Session> find(String sessionId) {
        return find(NOW, sessionId);
    }

    public Optional<Session> find(Instant now, String sessionId) {
        return reader(now)
                .find(sessionId, SHOWN_TURNS, Consistency.EVENTUAL)
                .await()
                .atMost(TIMEOUT);
    }

    public DynamoDbSessionReader reader(Instant now) {
        return reader(now, dynamoDb);
    }

    public DynamoDbSessionReader reader(Instant now, DynamoDb requests) {
        return new DynamoDbSessionReader(requests, config, RETENTION, fixedClock(now));
    }

    /** Creates a reader as the service does: it returns no lists until the indexes are filled. */
    public DynamoDbSessionReader guardedReader(Instant now) {
        return new DynamoDbSessionReader(
                dynamoDb, config, RETENTION, fixedClock(now), initializer::listable);
    }

    /** Creates requests for a reader that a test can count and change. */
    public ObservedDynamoDb observed() {
        return new ObservedDynamoDb(client, config, metrics);
    }

    /** Returns the head as readers see it. */
    public Optional<VisibleHead> visibleHead(String sessionId) {
        return VisibleHead.of(
                sessionId, dynamoDb.get(sessionId, true).await().atMost(TIMEOUT), RETENTION, NOW);
    }

    /** Returns where a follower reads, with this function in place of reads of the current head. */
    public SessionFollower.Source source(Supplier<Optional<VisibleHead>> latest) {
        return new SessionFollower.Source(
                new PageWalk(dynamoDb),
                new LargeTurns(dynamoDb),
                new WholeProfiles(dynamoDb, id -> Uni.createFrom().item(latest)),
                () -> Uni.createFrom().item(latest));
    }

    /** Returns all turns of a session, which the public reader reads part by part. */
    public List<Turn> turns(Instant now, String sessionId, TurnQuery.Order order, int limit) {
        List<Turn> turns = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            TurnQuery query = TurnQuery.all(order, limit, cursor);
            Optional<ResultPage<Json>> part =
                    reader(now).listTurns(sessionId, query).await().atMost(TIMEOUT);
            part.ifPresent(page -> turns.addAll(Turns.read(page.items())));
            cursor = part.flatMap(ResultPage::next);
        } while (cursor.isPresent());
        return turns;
    }

    /** Returns the session, which must exist. */
    public Session get(String sessionId) {
        return find(sessionId).orElseThrow();
    }

    /** Creates a writer with an empty cache, like that of another instance of the service. */
    public DynamoDbSessionWriter writer(Instant now) {
        return writer(now, dynamoDb);
    }

    /** Creates a writer that crashes before or after each request with this probability. */
    public DynamoDbSessionWriter crashingWriter(Random random, double probability) {
        return crashingWriter(dynamoDb, random, probability);
    }

    /**
     * Creates a writer that crashes before or after each request with this probability. It writes
     * one of the formats, as during an update.
     *
     * @param requests makes the requests of all writers that share it
     */
    DynamoDbSessionWriter crashingWriter(DynamoDb requests, Random random, double probability) {
        return writer(
                NOW,
                new RandomlyCrashingDynamoDb(client, config, requests, random, probability),
                random.nextBoolean() ? Format.FIRST : Format.SECOND);
    }

    /** Creates a writer that crashes after this number of requests. */
    public DynamoDbSessionWriter writerThatCrashesAfter(int requests) {
        return writerThatCrashesAfter(requests, () -> {});
    }

    /**
     * Creates a writer that crashes after this number of requests, and runs an action before the
     * last.
     */
    public DynamoDbSessionWriter writerThatCrashesAfter(int requests, Runnable meanwhile) {
        return writer(NOW, InterruptedDynamoDb.crashingAfter(client, config, requests, meanwhile));
    }

    /** Creates a writer that runs an action before its request with this number. */
    public DynamoDbSessionWriter writerInterruptedBefore(int request, Runnable before) {
        return writer(NOW, InterruptedDynamoDb.interruptedBefore(client, config, request, before));
    }

    /**
     * Creates a writer that records its operations on pages.
     *
     * @param operations gets "read" for each read of pages, and "write" for each item that is
     *     written
     */
    public DynamoDbSessionWriter writerThatRecords(List<String> operations) {
        return writer(
                NOW,
                new DynamoDb(client, config, metrics, OpenTelemetry.noop()) {
                    @Override
                    public Uni<Map<String, Map<String, AttributeValue>>> get(
                            Collection<String> keys, boolean consistent) {
                        operations.add("read");
                        return super.get(keys, consistent);
                    }

                    @Override
                    public Uni<WriteResult> seal(ItemChange change, long version, Instant now) {
                        operations.add("write");
                        return super.seal(change, version, now);
                    }
                });
    }

    /** Creates a writer that crashes between its first page and the head. */
    public DynamoDbSessionWriter writerThatCrashesAfterItsFirstPage() {
        return writer(
                NOW,
                new DynamoDb(client, config, metrics, OpenTelemetry.noop()) {
                    private boolean sealed;

                    @Override
                    public Uni<WriteResult> update(ItemUpdate update) {
                        return sealed
                                ? Uni.createFrom().failure(RandomlyCrashingDynamoDb.Crash::new)
                                : super.update(update);
                    }

                    @Override
                    public Uni<WriteResult> seal(ItemChange change, long version, Instant now) {
                        sealed = true;
                        return super.seal(change, version, now);
                    }
                });
    }

    /**
     * Creates requests of which one at a time is in flight, so that most are gathered to batches.
     */
    DynamoDb gathering(DynamoDbAsyncClient client) {
        return requests(client, config.withRequestsInFlight(1));
    }

    FlakyBatches flakyBatches(Random random, double probability) {
        return FlakyBatches.of(client, random, probability);
    }

    private static DynamoDb requests(DynamoDbAsyncClient client, Config config) {
        return new DynamoDb(client, config, new SimpleMeterRegistry(), OpenTelemetry.noop());
    }

    /** Creates a history that records, from now on, the writes of all clients that use it. */
    public ItemHistory history() {
        return new ItemHistory(client, config.name());
    }

    /**
     * Creates a writer that crashes with this probability, and whose writes the history records.
     */
    public DynamoDbSessionWriter crashingWriter(
            ItemHistory history, Random random, double probability) {
        DynamoDbAsyncClient current = LaggingDynamoDb.current(client, history);
        return crashingWriter(requests(current, config), random, probability);
    }

    /**
     * Creates requests whose answers come from replicas that lag behind.
     *
     * @param beforeReads an action that runs before each read
     */
    public DynamoDb lagging(
            ItemHistory history,
            LaggingDynamoDb.Lag lag,
            Random random,
            Supplier<CompletableFuture<?>> beforeReads) {
        return new DynamoDb(
                new LaggingDynamoDb(client, history, lag, random, beforeReads),
                config,
                metrics,
                OpenTelemetry.noop());
    }

    public DynamoDbSessionWriter writer(Instant now, DynamoDb requests) {
        return writer(now, requests, Format.SECOND);
    }

    /** Creates a writer with an empty cache, which writes items of this format. */
    DynamoDbSessionWriter writer(Format format) {
        return writer(NOW, dynamoDb, format);
    }

    /** Creates a writer that writes items of this format. */
    DynamoDbSessionWriter writer(Instant now, DynamoDb requests, Format format) {
        TurnBlock.Encoding encoding = format.encoding(config.turns());
        BlockSize size =
                config.tailBytes() < TAIL_BYTES
                        ? new BlockSize(
                                config.tailBytes(),
                                config.pageBytes(),
                                encoding,
                                SMALL_LARGE_TEXT,
                                SMALL_PART_BYTES)
                        : new BlockSize(config.tailBytes(), config.pageBytes(), encoding);
        HeadItems items = new HeadItems(RETENTION, config.dayShards(), format);
        return new DynamoDbSessionWriter(
                initializer,
                requests,
                new PageStore(requests),
                new SessionPlanner(RETENTION, size, items, MAX_PROFILE_BYTES),
                items,
                new HeadCache(config, metrics),
                fixedClock(now));
    }

    /** Returns the item as it is stored. */
    public Map<String, AttributeValue> item(String sessionId) {
        return client.getItem(r -> r.tableName(config.name()).key(DynamoDb.key(sessionId)))
                .join()
                .item();
    }

    /** Returns the keys of all items that belong to the session. */
    public List<String> keysOf(String sessionId) {
        return keysOf(sessionId, item -> true);
    }

    /** Returns the keys of the items of the session that contain turns, or anything about users. */
    public List<String> keysWithContent(String sessionId) {
        return keysOf(sessionId, item -> !Collections.disjoint(item.keySet(), CONTENT));
    }

    private List<String> keysOf(String sessionId, Predicate<Map<String, AttributeValue>> which) {
        List<String> keys = new ArrayList<>();
        client.scanPaginator(r -> r.tableName(config.name()))
                .items()
                .filter(which)
                .subscribe(
                        item ->
                                Attributes.text(item, SessionTable.SESSION_ID)
                                        .filter(
                                                key ->
                                                        key.equals(sessionId)
                                                                || key.startsWith(sessionId + "#p"))
                                        .ifPresent(keys::add))
                .join();
        return keys;
    }

    /** Returns all turns that the items of the table contain, by the item's key. */
    public Map<String, List<Turn>> storedTurns() {
        Map<String, List<Turn>> stored = new HashMap<>();
        client.scanPaginator(r -> r.tableName(config.name()).consistentRead(true))
                .items()
                .subscribe(
                        item ->
                                stored.put(
                                        Attributes.text(item, SessionTable.SESSION_ID)
                                                .orElseThrow(),
                                        Stream.of(
                                                        SessionTable.TURNS,
                                                        SessionTable.MORE_TURNS,
                                                        SessionTable.WAITING_TURNS)
                                                .map(name -> TurnBlock.stored(item.get(name)))
                                                .flatMap(block -> block.turns().stream())
                                                .toList()))
                .join();
        return stored;
    }

    /** Returns when the turn of each part with a text happened, by the item's key. */
    public Map<String, Instant> storedParts() {
        Map<String, Instant> stored = new HashMap<>();
        client.scanPaginator(r -> r.tableName(config.name()).consistentRead(true))
                .items()
                .filter(item -> item.containsKey(SessionTable.TEXT))
                .subscribe(
                        item ->
                                stored.put(
                                        Attributes.text(item, SessionTable.SESSION_ID)
                                                .orElseThrow(),
                                        requireNonNull(
                                                Attributes.time(item, SessionTable.OCCURRED_AT))))
                .join();
        return stored;
    }

    /**
     * Deletes expired items, as DynamoDB does: some of the items that expired a short time ago, and
     * all items that expired long ago.
     */
    public void removeExpired(String sessionId, Instant now, Random random) {
        for (String key : keysOf(sessionId)) {
            Instant expiresAt = Attributes.time(item(key), SessionTable.EXPIRES_AT);
            boolean isDeleted =
                    expiresAt != null
                            && (expiresAt.plus(Retention.PAGE_LAG).isBefore(now)
                                    || (expiresAt.isBefore(now) && random.nextBoolean()));
            if (isDeleted) {
                remove(key);
            }
        }
    }

    /** Stores an item directly, without the writer. */
    public void put(Map<String, AttributeValue> item) {
        client.putItem(r -> r.tableName(config.name()).item(item)).join();
    }

    /** Deletes an item directly, without the writer. */
    public void remove(String key) {
        client.deleteItem(r -> r.tableName(config.name()).key(DynamoDb.key(key))).join();
    }

    /** Deletes the items of a session directly, without the writer. */
    public void deleteItemsOf(String sessionId) {
        keysOf(sessionId).forEach(this::remove);
    }

    /** Sets an attribute of an item directly, without the writer. */
    public void setAttribute(String sessionId, String name, AttributeValue value) {
        client.updateItem(
                        r ->
                                r.tableName(config.name())
                                        .key(DynamoDb.key(sessionId))
                                        .updateExpression("SET #name = :value")
                                        .expressionAttributeNames(Map.of("#name", name))
                                        .expressionAttributeValues(Map.of(":value", value)))
                .join();
    }

    /** Returns the ids of the sessions in one partition of an index. */
    public List<String> sessionsIn(String index, String partitionKey, String value) {
        return client
                .query(
                        r ->
                                r.tableName(config.name())
                                        .indexName(index)
                                        .keyConditionExpression("#key = :value")
                                        .expressionAttributeNames(Map.of("#key", partitionKey))
                                        .expressionAttributeValues(
                                                Map.of(":value", AttributeValue.fromS(value))))
                .join()
                .items()
                .stream()
                .map(item -> Attributes.text(item, SessionTable.SESSION_ID).orElseThrow())
                .toList();
    }

    /**
     * Returns the capacity units that an operation of the writers and readers has consumed so far.
     */
    public double consumed(String operation) {
        return metrics.get("parley.dynamodb.capacity.units")
                .tag("operation", operation)
                .counter()
                .count();
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    private static Clock fixedClock(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }
}
