package dev.parley.dynamodb.client;

import static dev.parley.dynamodb.layout.TableConfig.Mode.OFF;
import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.dynamodb.FailingRequests;
import dev.parley.dynamodb.LocalTable;
import dev.parley.dynamodb.LocalTable.Config;
import dev.parley.dynamodb.layout.ItemChange;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.local.LocalDynamoDb;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionStoreException;
import dev.parley.session.SessionStoreException.Refused;
import dev.parley.session.SessionStoreException.Unavailable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Tests the outcome of each failure of each kind of request. */
class DynamoDbFailuresTest {

    private static final Config CONFIG = Config.of(OFF);

    @SuppressWarnings("StaticAssignmentOfThrowable") // its stack trace does not matter
    private static final DynamoDbException CONFLICT =
            withCode(TransactionConflictException.builder(), "TransactionConflictException");

    /** All kinds of requests that the store sends for sessions. */
    enum Request {
        GET(false, d -> d.get("s", true)),
        GET_ALL(false, d -> d.get(List.of("s"), false)),
        GET_SOME(false, d -> d.get(List.of("s"), false, List.of("sessionId"))),
        QUERY(false, d -> d.query(QueryRequest.builder())),
        EMPTY(false, d -> d.empty("s", 7)),
        UPDATE(true, d -> d.update(update())),
        TRANSACTION(true, d -> d.update(update(), List.of(), "token"));

        private final boolean conditional;

        @SuppressWarnings("ImmutableEnumChecker") // each is a lambda without state
        private final Function<DynamoDb, Uni<?>> request;

        Request(boolean conditional, Function<DynamoDb, Uni<?>> request) {
            this.conditional = conditional;
            this.request = request;
        }

        private static ItemUpdate update() {
            return ItemUpdate.unconditional(new ItemChange(DynamoDb.key("s"), Set.of(), false));
        }
    }

    static Stream<Arguments> transientFailures() {
        return Stream.of(
                        withCode("ProvisionedThroughputExceededException"),
                        withCode("RequestLimitExceeded"),
                        withCode("ThrottlingException"),
                        withCode("InternalServerError"),
                        withCode("ResourceNotFoundException"),
                        withCode("AccessDeniedException"),
                        withCode("ExpiredTokenException"),
                        withCode("ReplicatedWriteConflictException"),
                        withCode("LimitExceededException"),
                        withCode("SomethingNewException"),
                        withCode(
                                TransactionInProgressException.builder(),
                                "TransactionInProgressException"),
                        validationFailure(
                                "Cannot read from backfilling global secondary index: byUser"),
                        validationFailure("The table does not have the specified index: byDay"),
                        canceled(),
                        canceled("None"),
                        canceled("None", "ThrottlingError"),
                        canceled("ProvisionedThroughputExceeded", "None"),
                        SdkClientException.create("Unable to execute HTTP request"),
                        new CompletionException(SdkClientException.create("timed out")))
                .flatMap(DynamoDbFailuresTest::forEachRequest);
    }

    @ParameterizedTest
    @MethodSource("transientFailures")
    void transientFailure_ofAnyRequest_isUnavailable(Request request, Throwable failure) {
        assertThat(outcome(request, failure)).isInstanceOf(Unavailable.class);
    }

    static Stream<Arguments> permanentFailures() {
        return Stream.of(
                        validationFailure("Item size has exceeded the maximum allowed size"),
                        withCode("IdempotentParameterMismatchException"),
                        withCode("ItemCollectionSizeLimitExceededException"),
                        canceled("None", "ValidationError"),
                        canceled("TransactionConflict", "ValidationError"),
                        canceled("ItemCollectionSizeLimitExceeded"))
                .flatMap(DynamoDbFailuresTest::forEachRequest);
    }

    @ParameterizedTest
    @MethodSource("permanentFailures")
    void permanentFailure_ofAnyRequest_isRefused(Request request, Throwable failure) {
        assertThat(outcome(request, failure)).isInstanceOf(Refused.class);
    }

    static Stream<Arguments> conflicts() {
        return Stream.of(
                        CONFLICT,
                        withCode(
                                ConditionalCheckFailedException.builder(),
                                "ConditionalCheckFailedException"),
                        canceled("ConditionalCheckFailed", "None"),
                        canceled("None", "ConditionalCheckFailed"),
                        canceled("None", "TransactionConflict"),
                        canceled("TransactionConflict", "ThrottlingError"))
                .flatMap(DynamoDbFailuresTest::forEachRequest)
                .filter(each -> each.get()[0] != Request.EMPTY);
    }

    /**
     * After a conflict of a conditional write, the writer makes a new plan. For any other request,
     * a conflict is a transient failure.
     */
    @ParameterizedTest
    @MethodSource("conflicts")
    void conflict_ofAnyRequest_isConflictForWritesAndUnavailableForOthers(
            Request request, Throwable failure) {
        assertThat(outcome(request, failure))
                .isInstanceOf(request.conditional ? WriteResult.Conflict.class : Unavailable.class);
    }

    /**
     * The condition of an erasure keeps an item that a later head has written. This is not a
     * failure.
     */
    @Test
    void erasure_ofNewerItem_returnsFalse() {
        Throwable conditionFailed =
                withCode(
                        ConditionalCheckFailedException.builder(),
                        "ConditionalCheckFailedException");

        assertThat(outcome(Request.EMPTY, conditionFailed)).isEqualTo(false);
        assertThat(outcome(Request.EMPTY, CONFLICT)).isInstanceOf(Unavailable.class);
    }

    /**
     * The client converts a failure of any class, so that callers see only exceptions of the store.
     */
    @ParameterizedTest
    @EnumSource
    void failure_ofUnknownClass_isConvertedToStoreException(Request request) {
        assertThat(outcome(request, new IllegalStateException("pool shut down")))
                .isInstanceOf(SessionStoreException.class);
    }

    @Test
    void deletion_whosePagesConflictWithTransaction_isUnavailableAndSucceedsOnRetry() {
        Config config = Config.of(TableConfig.Mode.CREATE);
        AtomicBoolean erasing = new AtomicBoolean();
        DynamoDbAsyncClient client =
                FailingRequests.matching(
                        request ->
                                request instanceof UpdateItemRequest update
                                        && update.toString().contains("#p")
                                        && erasing.getAndSet(false),
                        CONFLICT,
                        LocalDynamoDb.client());
        try (LocalTable table = new LocalTable(config, client)) {
            String id = "s-1";
            Prose prose = new Prose(42);
            SessionEvent[] turns =
                    IntStream.range(0, 60)
                            .mapToObj(i -> prose.turn(id, i))
                            .toArray(SessionEvent[]::new);
            table.apply(id, turns);
            assertThat(table.keysWithContent(id)).hasSizeGreaterThan(1);

            erasing.set(true);
            Throwable first = catchThrowable(() -> table.apply(event(id).at(1_000).deleted()));
            table.apply(event(id).at(1_000).deleted());

            assertThat(first).isInstanceOf(Unavailable.class);
            assertThat(table.keysWithContent(id)).isEmpty();
            assertThat(table.find(id)).isEmpty();
        }
    }

    private static Object outcome(Request request, Throwable failure) {
        DynamoDb dynamoDb =
                new DynamoDb(
                        FailingRequests.all(failure),
                        CONFIG,
                        new SimpleMeterRegistry(),
                        OpenTelemetry.noop());
        return request.request
                .apply(dynamoDb)
                .map(Object.class::cast)
                .onFailure()
                .recoverWithItem(Object.class::cast)
                .await()
                .atMost(TIMEOUT);
    }

    private static Stream<Arguments> forEachRequest(Throwable failure) {
        return Arrays.stream(Request.values()).map(request -> Arguments.of(request, failure));
    }

    private static DynamoDbException withCode(String code) {
        return withCode(DynamoDbException.builder(), code);
    }

    private static DynamoDbException withCode(DynamoDbException.Builder builder, String code) {
        return (DynamoDbException) builder.awsErrorDetails(details(code, code)).build();
    }

    private static DynamoDbException validationFailure(String message) {
        return (DynamoDbException)
                DynamoDbException.builder()
                        .awsErrorDetails(details("ValidationException", message))
                        .build();
    }

    private static AwsErrorDetails details(String code, String message) {
        return AwsErrorDetails.builder().errorCode(code).errorMessage(message).build();
    }

    private static TransactionCanceledException canceled(String... codes) {
        return TransactionCanceledException.builder()
                .cancellationReasons(
                        Stream.of(codes)
                                .map(
                                        code ->
                                                CancellationReason.builder()
                                                        .code(code)
                                                        .item(Map.of())
                                                        .build())
                                .toList())
                .awsErrorDetails(details("TransactionCanceledException", String.join(",", codes)))
                .build();
    }
}
