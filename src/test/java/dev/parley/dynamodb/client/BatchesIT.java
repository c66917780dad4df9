package dev.parley.dynamodb.client;

import static dev.parley.support.Timeouts.TIMEOUT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.parley.dynamodb.FailingRequests;
import dev.parley.dynamodb.LocalTable;
import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.ItemChange;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.local.LocalDynamoDb;
import dev.parley.session.SessionStoreException;
import dev.parley.support.LoggedLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementErrorCodeEnum;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Tests that requests which are made at the same time share requests to DynamoDB, and that each has
 * the result that it would have alone.
 */
@Tag("store")
class BatchesIT {

    @RegisterExtension static final LocalTable TABLE = LocalTable.create();

    private static final Instant NOW = LocalTable.NOW;

    /** What DynamoDB refuses as too large: 400 KB. */
    private static final int MAX_ITEM_BYTES = 400 * 1024;

    private final DynamoDbAsyncClient real = LocalDynamoDb.client();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @BeforeAll
    static void createTable() {
        TABLE.createTable();
    }

    @AfterEach
    void close() {
        real.close();
    }

    @Test
    void newItems_writtenTogether_shareRequestsAndAreStored() {
        DynamoDb dynamoDb = dynamoDb(real);
        List<String> keys = keys("new", 500);

        List<WriteResult> results = all(keys.stream().map(key -> dynamoDb.update(head(key, 1))));

        assertThat(results).hasSize(500).containsOnly(WriteResult.DONE);
        assertThat(versions(dynamoDb, keys)).containsOnly(1L);
        assertThat(requests("UpdateItem") + requests("BatchExecuteStatement"))
                .isBetween(500L / 25, 40L);
        assertThat(requests("GetItem") + requests("BatchGetItem")).isBetween(500L / 50, 25L);
    }

    @Test
    void knownItems_writtenTogether_succeedOrReportWhatIsStored() {
        DynamoDb dynamoDb = dynamoDb(real);
        List<String> keys = keys("known", 100);
        all(keys.stream().map(key -> dynamoDb.update(head(key, 1))));

        List<WriteResult> next =
                all(
                        IntStream.range(0, 100)
                                .mapToObj(
                                        i ->
                                                dynamoDb.update(
                                                        update(
                                                                keys.get(i),
                                                                i % 2 == 0 ? 1 : 7,
                                                                8))));

        for (int i = 0; i < 100; i++) {
            if (i % 2 == 0) {
                assertThat(next.get(i)).isEqualTo(WriteResult.DONE);
            } else {
                assertThat(((WriteResult.Conflict) next.get(i)).found())
                        .containsEntry(SessionTable.VERSION, Attributes.number(1));
            }
        }
        assertThat(requests("BatchExecuteStatement")).isPositive();
    }

    @Test
    void itemThatExistsAlready_amongNewOnes_isReportedWithWhatIsStored() {
        DynamoDb dynamoDb = dynamoDb(real);
        List<String> keys = keys("existing", 60);
        all(Stream.of(dynamoDb.update(head(keys.get(40), 3))));

        List<WriteResult> results = all(keys.stream().map(key -> dynamoDb.update(head(key, 1))));

        assertThat(((WriteResult.Conflict) results.remove(40)).found())
                .containsEntry(SessionTable.VERSION, Attributes.number(3));
        assertThat(results).containsOnly(WriteResult.DONE);
    }

    /** Known heads that are absent from the table, because they have expired. */
    @Test
    void absentItems_writtenTogether_reportThatThereIsNone() {
        DynamoDb dynamoDb = dynamoDb(real);

        List<WriteResult> results =
                all(keys("absent", 60).stream().map(key -> dynamoDb.update(update(key, 1, 2))));

        assertThat(results)
                .allSatisfy(
                        result ->
                                assertThat(((WriteResult.Conflict) result).found())
                                        .isNullOrEmpty());
    }

    /** Every state that an item of pages may have, with the result of a request alone. */
    @Test
    void pages_sealedTogether_haveTheResultsOfPagesSealedAlone() {
        Random random = new Random(7);
        List<String> keys = keys("pages", 200);
        DynamoDb together = dynamoDb(real);
        DynamoDb alone = dynamoDb(real, 1000);
        Map<String, ItemChange> changes = new HashMap<>();
        for (String key : keys) {
            Map<String, AttributeValue> before = randomPages(random);
            if (!before.isEmpty()) {
                all(
                        Stream.of(key, "alone-" + key)
                                .map(
                                        each ->
                                                alone.update(
                                                        ItemUpdate.unconditional(
                                                                new ItemChange(
                                                                        with(each, before),
                                                                        Set.of(),
                                                                        false)))));
            }
            Map<String, AttributeValue> pages = randomPages(random);
            pages.put(SessionTable.SEALED_AT_VERSION, Attributes.number(5));
            pages.putIfAbsent(SessionTable.TURNS, bytes(10));
            Set<String> leftovers =
                    pages.containsKey(SessionTable.MORE_SPLITS)
                            ? Set.of()
                            : Set.of(SessionTable.MORE_SPLITS);
            changes.put(key, new ItemChange(pages, leftovers, random.nextBoolean()));
        }

        List<WriteResult> results =
                all(keys.stream().map(key -> together.seal(change("", key, changes), 5, NOW)));

        List<WriteResult> expected = new ArrayList<>();
        for (String key : keys) {
            ItemChange change = change("alone-", key, changes);
            expected.add(alone.seal(change, 5, NOW).await().atMost(TIMEOUT));
        }
        assertThat(results.stream().map(BatchesIT::withoutKey))
                .isEqualTo(expected.stream().map(BatchesIT::withoutKey).toList());
        assertThat(items(together, keys, "")).isEqualTo(items(together, keys, "alone-"));
        assertThat(results).contains(WriteResult.DONE);
        assertThat(results).anyMatch(WriteResult.Conflict.class::isInstance);
    }

    @Test
    void twoWritesOfOneItem_madeTogether_areBothAnswered() {
        DynamoDb dynamoDb = dynamoDb(real);
        List<String> keys = keys("twice", 40);

        List<String> twice = new ArrayList<>(keys);
        twice.addAll(keys);
        List<WriteResult> results = all(twice.stream().map(key -> dynamoDb.update(head(key, 1))));

        for (int i = 0; i < 40; i++) {
            List<WriteResult> both = List.of(results.get(i), results.get(i + 40));
            assertThat(both).containsOnlyOnce(WriteResult.DONE);
            assertThat(both).anyMatch(WriteResult.Conflict.class::isInstance);
        }
    }

    /** DynamoDB refuses an item of this size, but no other item of its batch. */
    @Test
    void itemThatIsTooLarge_amongOthers_isRefusedAlone() {
        DynamoDb dynamoDb = dynamoDb(real);
        List<String> keys = keys("large", 60);

        List<Object> results =
                outcomes(
                        keys.stream()
                                .map(
                                        key ->
                                                dynamoDb.update(
                                                        key.endsWith("-30")
                                                                ? tooLarge(key)
                                                                : head(key, 1))));

        assertThat(results.remove(30)).isInstanceOf(SessionStoreException.Refused.class);
        assertThat(results).containsOnly(WriteResult.DONE);
    }

    @Test
    void largeItems_writtenTogether_areInRequestsOfOneMegabyteAtMost() {
        ConcurrentLinkedQueue<Integer> sizes = new ConcurrentLinkedQueue<>();
        DynamoDb dynamoDb =
                dynamoDb(
                        onWrites(
                                request -> {
                                    sizes.add(request.statements().size());
                                    return real.batchExecuteStatement(request);
                                }));
        List<String> keys = keys("megabytes", 30);

        List<WriteResult> results =
                all(keys.stream().map(key -> dynamoDb.update(ofSize(key, MAX_ITEM_BYTES / 2))));

        assertThat(results).containsOnly(WriteResult.DONE);
        assertThat(sizes).isNotEmpty().allMatch(size -> size <= 5);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CONDITIONAL_CHECK_FAILED", "UNKNOWN_TO_SDK_VERSION"})
    void errorOfOneStatement_ofAnyCode_concernsItsCallerOnly(BatchStatementErrorCodeEnum code) {
        DynamoDb dynamoDb =
                dynamoDb(onWrites(request -> failing(request, Set.of("code-30-" + code), code)));
        List<String> keys = keys("code", 60).stream().map(key -> key + "-" + code).toList();

        List<Object> results = outcomes(keys.stream().map(key -> dynamoDb.update(head(key, 1))));

        Object result = results.remove(30);
        switch (code) {
            case TRANSACTION_CONFLICT ->
                    assertThat(result).isEqualTo(new WriteResult.Conflict(null));
            case THROTTLING_ERROR,
                    PROVISIONED_THROUGHPUT_EXCEEDED,
                    REQUEST_LIMIT_EXCEEDED,
                    INTERNAL_SERVER_ERROR,
                    RESOURCE_NOT_FOUND ->
                    assertThat(result).isInstanceOf(SessionStoreException.Unavailable.class);
            default -> assertThat(result).isEqualTo(WriteResult.DONE);
        }
        assertThat(results).containsOnly(WriteResult.DONE);
    }

    @Test
    void errorOfUnknownCode_isDecidedByRequestOfItsOwn() {
        DynamoDb dynamoDb =
                dynamoDb(
                        onWrites(
                                request ->
                                        failing(
                                                request,
                                                Set.of("unknown-30"),
                                                BatchStatementErrorCodeEnum
                                                        .UNKNOWN_TO_SDK_VERSION)));

        assertAllWritten(dynamoDb, "unknown");
    }

    @Test
    void answerThatIsLost_failsAllOfItsBatch_thoughTheyAreStored() {
        DynamoDb dynamoDb =
                dynamoDb(
                        onWrites(
                                request ->
                                        real.batchExecuteStatement(request)
                                                .thenCompose(
                                                        done ->
                                                                CompletableFuture.failedFuture(
                                                                        SdkClientException.create(
                                                                                "lost")))));
        List<String> keys = keys("lost", 60);

        List<Object> results = outcomes(keys.stream().map(key -> dynamoDb.update(head(key, 1))));

        assertThat(results)
                .anyMatch(SessionStoreException.Unavailable.class::isInstance)
                .allMatch(
                        result ->
                                result instanceof SessionStoreException.Unavailable
                                        || result.equals(WriteResult.DONE));
        assertThat(versions(dynamoDb, keys)).containsOnly(1L);
    }

    /** Whether DynamoDB denies the whole request or each statement. */
    @ParameterizedTest
    @EnumSource(Denial.class)
    void batchesThatAreDenied_areWrittenAlone_withOneWarning(Denial denial) {
        ConcurrentLinkedQueue<Integer> batches = new ConcurrentLinkedQueue<>();
        DynamoDb dynamoDb =
                dynamoDb(
                        onWrites(
                                request -> {
                                    batches.add(request.statements().size());
                                    return denial.answer(request);
                                }));
        LoggedLines log = new LoggedLines(WriteBatches.class.getName());
        try (log) {
            for (int round = 0; round < 3; round++) {
                assertAllWritten(dynamoDb, denial + "-" + round);
            }
        }
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("dynamodb:PartiQLInsert", "parley.table.batch-writes=false");
        assertThat(batches).hasSizeLessThanOrEqualTo(4);
    }

    enum Denial {
        OF_REQUEST {
            @Override
            CompletableFuture<BatchExecuteStatementResponse> answer(
                    BatchExecuteStatementRequest request) {
                return CompletableFuture.failedFuture(failure("AccessDeniedException"));
            }
        },
        OF_STATEMENTS {
            @Override
            CompletableFuture<BatchExecuteStatementResponse> answer(
                    BatchExecuteStatementRequest request) {
                return CompletableFuture.completedFuture(
                        BatchExecuteStatementResponse.builder()
                                .responses(
                                        request.statements().stream()
                                                .map(
                                                        each ->
                                                                error(
                                                                        BatchStatementErrorCodeEnum
                                                                                .ACCESS_DENIED))
                                                .toList())
                                .build());
            }
        };

        abstract CompletableFuture<BatchExecuteStatementResponse> answer(
                BatchExecuteStatementRequest request);
    }

    @Test
    void batchThatIsRefusedAsWhole_isWrittenAlone() {
        DynamoDb dynamoDb =
                dynamoDb(
                        onWrites(
                                request ->
                                        CompletableFuture.failedFuture(
                                                failure("ValidationException"))));

        assertAllWritten(dynamoDb, "refused");
    }

    @Test
    void writes_withoutBatches_areRequestsOfTheirOwn() {
        DynamoDb dynamoDb =
                new DynamoDb(
                        onWrites(
                                request ->
                                        CompletableFuture.failedFuture(
                                                new AssertionError("a batch"))),
                        TABLE.config().withoutBatches(),
                        metrics,
                        OpenTelemetry.noop());

        assertAllWritten(dynamoDb, "single");
        assertThat(requests("UpdateItem")).isEqualTo(60);
    }

    @Test
    void reads_ofAnyItems_returnWhatIsStored() {
        Random random = new Random(11);
        // No request is answered before all reads are asked for: how many share one must not depend
        // on which is faster.
        CompletableFuture<Void> allAsked = new CompletableFuture<>();
        DynamoDb dynamoDb = dynamoDb(answeringAfter(allAsked));
        List<String> keys = keys("read", 300);
        List<String> stored = keys.stream().filter(key -> random.nextBoolean()).toList();
        all(stored.stream().map(key -> dynamoDb.update(head(key, 4))));
        List<String> asked = random.ints(1000, 0, keys.size()).mapToObj(keys::get).toList();

        List<CompletableFuture<Map<String, AttributeValue>>> reads =
                asked.stream()
                        .map(key -> dynamoDb.get(key, random.nextBoolean()))
                        .map(each -> each.subscribeAsCompletionStage().toCompletableFuture())
                        .toList();
        allAsked.complete(null);
        List<Map<String, AttributeValue>> found =
                all(reads.stream().map(each -> Uni.createFrom().completionStage(each)));

        for (int i = 0; i < asked.size(); i++) {
            assertThat(found.get(i).isEmpty()).isEqualTo(!stored.contains(asked.get(i)));
            assertThat(Attributes.text(found.get(i), SessionTable.SESSION_ID).orElse(asked.get(i)))
                    .isEqualTo(asked.get(i));
        }
        assertThat(requests("GetItem") + requests("BatchGetItem")).isLessThan(100);
    }

    /** DynamoDB refuses an empty key; in a batch, it refuses the whole request. */
    @Test
    void invalidKey_amongOthers_failsAlone() {
        DynamoDb dynamoDb = dynamoDb(real);
        List<String> keys = new ArrayList<>(keys("valid", 60));
        keys.set(30, "");

        List<Object> results = outcomes(keys.stream().map(key -> dynamoDb.get(key, false)));

        assertThat(results.remove(30)).isInstanceOf(SessionStoreException.Refused.class);
        assertThat(results).containsOnly(Map.of());
    }

    /** The keys that a response leaves unprocessed delay none of the others. */
    @Test
    void keysLeftUnprocessed_delayTheirCallersOnly() {
        AtomicReference<CompletableFuture<Void>> throttled =
                new AtomicReference<>(new CompletableFuture<>());
        DynamoDb dynamoDb =
                dynamoDb(
                        FailingRequests.answering(
                                real,
                                Map.of(
                                        "batchGetItem",
                                        request ->
                                                unprocessed(
                                                        (BatchGetItemRequest) request,
                                                        "busy-30",
                                                        throttled.get()))));
        List<String> keys = keys("busy", 60);
        all(keys.stream().map(key -> dynamoDb.update(head(key, 1))));

        List<CompletableFuture<Map<String, AttributeValue>>> reads =
                keys.stream()
                        .map(
                                key ->
                                        dynamoDb.get(key, false)
                                                .subscribeAsCompletionStage()
                                                .toCompletableFuture())
                        .toList();
        for (int i = 0; i < 60; i++) {
            if (i != 30) {
                assertThat(reads.get(i)).succeedsWithin(TIMEOUT).asInstanceOf(MAP).isNotEmpty();
            }
        }
        assertThat(reads.get(30)).isNotDone();
        throttled.get().complete(null);
        assertThat(reads.get(30)).succeedsWithin(TIMEOUT).asInstanceOf(MAP).isNotEmpty();
    }

    @Test
    void callerThatLeaves_whileItWaits_isNotRead() {
        ConcurrentLinkedQueue<String> read = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> open = new CompletableFuture<>();
        DynamoDb dynamoDb =
                dynamoDb(
                        FailingRequests.answering(
                                real,
                                Map.of(
                                        "getItem",
                                        request -> {
                                            read.add(request.toString());
                                            return open.thenCompose(
                                                    now -> real.getItem((GetItemRequest) request));
                                        })),
                        1);
        var first = dynamoDb.get("first", false).subscribeAsCompletionStage();
        var left = dynamoDb.get("left", false).subscribe().with(item -> {});
        var last = dynamoDb.get("last", false).subscribeAsCompletionStage();

        left.cancel();
        open.complete(null);

        assertThat(first.toCompletableFuture()).succeedsWithin(TIMEOUT);
        assertThat(last.toCompletableFuture()).succeedsWithin(TIMEOUT);
        assertThat(read).hasSize(2).noneMatch(request -> request.contains("left"));
    }

    @Test
    void callers_thatAllLeave_areNotRead() {
        CompletableFuture<Void> open = new CompletableFuture<>();
        DynamoDb dynamoDb = dynamoDb(answeringAfter(open), 1);
        var first = dynamoDb.get("first", false).subscribeAsCompletionStage();
        dynamoDb.get("left", false).subscribe().with(item -> {}).cancel();
        dynamoDb.get("left-too", false).subscribe().with(item -> {}).cancel();

        open.complete(null);

        assertThat(first.toCompletableFuture()).succeedsWithin(TIMEOUT);
        assertThat(all(Stream.of(dynamoDb.get("next", false)))).containsExactly(Map.of());
        assertThat(requests("GetItem")).isEqualTo(2);
        assertThat(requests("BatchGetItem")).isZero();
    }

    /** Writes new items together, and asserts that each is written. */
    private static void assertAllWritten(DynamoDb dynamoDb, String name) {
        assertThat(all(keys(name, 60).stream().map(key -> dynamoDb.update(head(key, 1)))))
                .containsOnly(WriteResult.DONE);
    }

    private DynamoDb dynamoDb(DynamoDbAsyncClient client) {
        return dynamoDb(client, 4);
    }

    private DynamoDb dynamoDb(DynamoDbAsyncClient client, int inFlight) {
        return new DynamoDb(
                client,
                TABLE.config().withRequestsInFlight(inFlight),
                metrics,
                OpenTelemetry.noop());
    }

    /** Creates a client that answers batches of statements with this function. */
    private DynamoDbAsyncClient onWrites(
            Function<BatchExecuteStatementRequest, CompletableFuture<BatchExecuteStatementResponse>>
                    answer) {
        return FailingRequests.answering(
                real,
                Map.of(
                        "batchExecuteStatement",
                        request -> answer.apply((BatchExecuteStatementRequest) request)));
    }

    /** Executes all statements but those of these keys, which fail. */
    private CompletableFuture<BatchExecuteStatementResponse> failing(
            BatchExecuteStatementRequest request,
            Set<String> keys,
            BatchStatementErrorCodeEnum code) {
        List<Integer> failing =
                IntStream.range(0, request.statements().size())
                        .filter(
                                i ->
                                        request.statements().get(i).parameters().stream()
                                                .map(AttributeValue::s)
                                                .filter(Objects::nonNull)
                                                .anyMatch(keys::contains))
                        .boxed()
                        .toList();
        List<BatchStatementRequest> others = new ArrayList<>(request.statements());
        failing.reversed().forEach(i -> others.remove((int) i));
        return real.batchExecuteStatement(request.toBuilder().statements(others).build())
                .thenApply(
                        done -> {
                            List<BatchStatementResponse> all = new ArrayList<>(done.responses());
                            failing.forEach(i -> all.add(i, error(code)));
                            return done.toBuilder().responses(all).build();
                        });
    }

    private static BatchStatementResponse error(BatchStatementErrorCodeEnum code) {
        String text =
                code == BatchStatementErrorCodeEnum.UNKNOWN_TO_SDK_VERSION
                        ? "SomethingNew"
                        : code.toString();
        return BatchStatementResponse.builder().error(e -> e.code(text)).build();
    }

    private static DynamoDbException failure(String code) {
        return (DynamoDbException)
                DynamoDbException.builder()
                        .statusCode(400)
                        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                        .build();
    }

    /** Returns a client that makes no read before the future is complete. */
    private DynamoDbAsyncClient answeringAfter(CompletableFuture<Void> start) {
        return FailingRequests.answering(
                real,
                Map.of(
                        "getItem",
                        request -> start.thenCompose(now -> real.getItem((GetItemRequest) request)),
                        "batchGetItem",
                        request ->
                                start.thenCompose(
                                        now -> real.batchGetItem((BatchGetItemRequest) request))));
    }

    /** Leaves the key unprocessed until the future is complete. */
    private CompletableFuture<BatchGetItemResponse> unprocessed(
            BatchGetItemRequest request, String key, CompletableFuture<Void> until) {
        KeysAndAttributes asked = request.requestItems().values().iterator().next();
        String table = request.requestItems().keySet().iterator().next();
        if (asked.keys().equals(List.of(DynamoDb.key(key)))) {
            return until.thenCompose(now -> real.batchGetItem(request));
        }
        List<Map<String, AttributeValue>> others = new ArrayList<>(asked.keys());
        if (!others.remove(DynamoDb.key(key))) {
            return real.batchGetItem(request);
        }
        KeysAndAttributes left = asked.toBuilder().keys(List.of(DynamoDb.key(key))).build();
        return real.batchGetItem(
                        r -> r.requestItems(Map.of(table, asked.toBuilder().keys(others).build())))
                .thenApply(done -> done.toBuilder().unprocessedKeys(Map.of(table, left)).build());
    }

    private static List<String> keys(String name, int number) {
        return IntStream.range(0, number).mapToObj(i -> name + "-" + i).toList();
    }

    /** Creates the update that writes the first version of a head. */
    private static ItemUpdate head(String key, long version) {
        return ItemUpdate.between(Map.of(), item(key, version));
    }

    private static ItemUpdate update(String key, long from, long to) {
        return ItemUpdate.between(item(key, from), item(key, to));
    }

    private static Map<String, AttributeValue> item(String key, long version) {
        return Map.of(
                SessionTable.SESSION_ID, Attributes.text(key),
                SessionTable.VERSION, Attributes.number(version),
                SessionTable.CHANNEL, Attributes.text("web"));
    }

    private static ItemUpdate tooLarge(String key) {
        return ofSize(key, MAX_ITEM_BYTES + 1);
    }

    private static ItemUpdate ofSize(String key, int bytes) {
        Map<String, AttributeValue> item = new HashMap<>(item(key, 1));
        item.put(SessionTable.TURNS, bytes(bytes));
        return ItemUpdate.between(Map.of(), item);
    }

    private static AttributeValue bytes(int number) {
        return AttributeValue.fromB(SdkBytes.fromByteArray(new byte[number]));
    }

    /** Returns some of the attributes that an item of pages may have. */
    private static Map<String, AttributeValue> randomPages(Random random) {
        Map<String, AttributeValue> item = new HashMap<>();
        if (random.nextInt(4) > 0) {
            if (random.nextBoolean()) {
                item.put(SessionTable.TURNS, bytes(random.nextInt(1, 40)));
            }
            if (random.nextBoolean()) {
                item.put(SessionTable.MORE_TURNS, bytes(random.nextInt(1, 40)));
            }
            if (random.nextBoolean()) {
                item.put(SessionTable.MORE_SPLITS, Attributes.number(1));
            }
            item.put(SessionTable.SEALED_AT_VERSION, Attributes.number(random.nextInt(3, 8)));
            item.put(
                    SessionTable.EXPIRES_AT,
                    Attributes.time(NOW.plusSeconds(random.nextInt(-3, 30))));
        }
        return item;
    }

    private static Map<String, AttributeValue> with(
            String key, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> item = new HashMap<>(attributes);
        item.put(SessionTable.SESSION_ID, Attributes.text(key));
        return item;
    }

    private static ItemChange change(String prefix, String key, Map<String, ItemChange> changes) {
        ItemChange change = requireNonNull(changes.get(key));
        return new ItemChange(
                with(prefix + key, change.attributes()), change.leftovers(), change.isNew());
    }

    private static Object withoutKey(WriteResult result) {
        if (result instanceof WriteResult.Conflict(Map<String, AttributeValue> found)
                && found != null) {
            Map<String, AttributeValue> item = new HashMap<>(found);
            item.remove(SessionTable.SESSION_ID);
            return item;
        }
        return result;
    }

    /** Returns the items, without their keys. */
    private static List<Map<String, AttributeValue>> items(
            DynamoDb dynamoDb, List<String> keys, String prefix) {
        return all(keys.stream().map(key -> dynamoDb.get(prefix + key, true))).stream()
                .map(
                        item -> {
                            Map<String, AttributeValue> rest = new HashMap<>(item);
                            rest.remove(SessionTable.SESSION_ID);
                            return rest;
                        })
                .toList();
    }

    private static List<Long> versions(DynamoDb dynamoDb, List<String> keys) {
        return all(keys.stream().map(key -> dynamoDb.get(key, true))).stream()
                .map(item -> Attributes.number(item, SessionTable.VERSION))
                .toList();
    }

    private long requests(String operation) {
        return metrics.get("parley.dynamodb.request").tag("operation", operation).timer().count();
    }

    /** Subscribes to all at once, and returns their results in order. */
    private static <T> List<T> all(Stream<Uni<T>> requests) {
        List<CompletableFuture<T>> results =
                requests.map(each -> each.subscribeAsCompletionStage().toCompletableFuture())
                        .toList();
        return new ArrayList<>(
                results.stream()
                        .map(each -> Uni.createFrom().completionStage(each).await().atMost(TIMEOUT))
                        .toList());
    }

    /** Subscribes to all at once, and returns their results or failures in order. */
    private static List<Object> outcomes(Stream<? extends Uni<?>> requests) {
        return all(
                requests.map(
                        each ->
                                each.onItem()
                                        .castTo(Object.class)
                                        .onFailure()
                                        .recoverWithItem(failure -> failure)));
    }
}
