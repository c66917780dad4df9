package dev.parley.dynamodb.client;

import static dev.parley.dynamodb.layout.TableConfig.Mode.OFF;
import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.dynamodb.FailingRequests;
import dev.parley.dynamodb.LocalTable;
import dev.parley.dynamodb.LocalTable.Config;
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
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
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

/** What becomes of each failure of each request. */
class DynamoDbFailuresTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Config CONFIG = Config.of(OFF);

    @SuppressWarnings("StaticAssignmentOfThrowable") // one that DynamoDB gives, as good as any
    private static final DynamoDbException MET =
            named(TransactionConflictException.builder(), "TransactionConflictException");

    /** Every request that sessions need. */
    enum Request {
        GET(false, d -> d.get("s", true)),
        GET_ALL(false, d -> d.get(List.of("s"), false)),
        GET_SOME(false, d -> d.get(List.of("s"), false, List.of("sessionId"))),
        QUERY(false, d -> d.query(QueryRequest.builder())),
        DELETE(false, d -> d.delete("s", 7)),
        DELETE_ORPHANS(false, d -> d.deleteOrphans(List.of("s", "t"), 7)),
        UPDATE(true, d -> d.update(update())),
        TRANSACTION(true, d -> d.update(update(), List.of(), "token"));

        private final boolean conditional;

        @SuppressWarnings("ImmutableEnumChecker") // each is a lambda without state
        private final Function<DynamoDb, Uni<?>> request;

        Request(boolean conditional, Function<DynamoDb, Uni<?>> request) {
            this.conditional = conditional;
            this.request = request;
        }

        private static UpdateExpression update() {
            return UpdateExpression.unconditional(DynamoDb.key("s"));
        }
    }

    private static final Set<Request> DELETIONS =
            EnumSet.of(Request.DELETE, Request.DELETE_ORPHANS);

    static Stream<Arguments> failuresThatPass() {
        return Stream.of(
                        named("ProvisionedThroughputExceededException"),
                        named("RequestLimitExceeded"),
                        named("ThrottlingException"),
                        named("InternalServerError"),
                        named("ResourceNotFoundException"),
                        named("AccessDeniedException"),
                        named("ExpiredTokenException"),
                        named("ReplicatedWriteConflictException"),
                        named("LimitExceededException"),
                        named("SomethingNewException"),
                        named(
                                TransactionInProgressException.builder(),
                                "TransactionInProgressException"),
                        invalid("Cannot read from backfilling global secondary index: byUser"),
                        invalid("The table does not have the specified index: byDay"),
                        canceled(),
                        canceled("None"),
                        canceled("None", "ThrottlingError"),
                        canceled("ProvisionedThroughputExceeded", "None"),
                        SdkClientException.create("Unable to execute HTTP request"),
                        new CompletionException(SdkClientException.create("timed out")))
                .flatMap(DynamoDbFailuresTest::ofEachRequest);
    }

    @ParameterizedTest
    @MethodSource("failuresThatPass")
    void failure_thatMayPass_isUnavailable(Request request, Throwable failure) {
        assertThat(outcome(request, failure)).isInstanceOf(Unavailable.class);
    }

    static Stream<Arguments> failuresThatStay() {
        return Stream.of(
                        invalid("Item size has exceeded the maximum allowed size"),
                        named("IdempotentParameterMismatchException"),
                        named("ItemCollectionSizeLimitExceededException"),
                        canceled("None", "ValidationError"),
                        canceled("TransactionConflict", "ValidationError"),
                        canceled("ItemCollectionSizeLimitExceeded"))
                .flatMap(DynamoDbFailuresTest::ofEachRequest);
    }

    @ParameterizedTest
    @MethodSource("failuresThatStay")
    void failure_thatIsOfTheRequest_isRefused(Request request, Throwable failure) {
        assertThat(outcome(request, failure)).isInstanceOf(Refused.class);
    }

    static Stream<Arguments> conflicts() {
        return Stream.of(
                        MET,
                        named(
                                ConditionalCheckFailedException.builder(),
                                "ConditionalCheckFailedException"),
                        canceled("ConditionalCheckFailed", "None"),
                        canceled("None", "ConditionalCheckFailed"),
                        canceled("None", "TransactionConflict"),
                        canceled("TransactionConflict", "ThrottlingError"))
                .flatMap(DynamoDbFailuresTest::ofEachRequest)
                .filter(each -> !DELETIONS.contains((Request) each.get()[0]));
    }

    /** Where nobody plans anew, it is a failure that may pass. */
    @ParameterizedTest
    @MethodSource("conflicts")
    void conflict_ofAnyRequest_isAConflictOfAWriteOrUnavailable(
            Request request, Throwable failure) {
        assertThat(outcome(request, failure))
                .isInstanceOf(
                        request.conditional ? DynamoDb.Write.Conflict.class : Unavailable.class);
    }

    /** Its condition spares what a later head has written, which is no failure. */
    @Test
    void deletion_thatMeetsSomethingNewer_saysSo() {
        Throwable newer =
                named(ConditionalCheckFailedException.builder(), "ConditionalCheckFailedException");

        assertThat(outcome(Request.DELETE, newer)).isEqualTo(false);
        assertThat(outcome(Request.DELETE, MET)).isInstanceOf(Unavailable.class);
        assertThat(outcome(Request.DELETE_ORPHANS, MET)).isInstanceOf(Unavailable.class);
    }

    /** Whatever it is: a name that is known here only by its class leaks nowhere. */
    @ParameterizedTest
    @EnumSource
    void failure_ofAnyKind_isOneOfTheStore(Request request) {
        assertThat(outcome(request, new IllegalStateException("pool shut down")))
                .isInstanceOf(SessionStoreException.class);
    }

    @Test
    void deletion_whosePagesMeetATransaction_isUnavailableAndThenGoesOn() {
        Config config = Config.of(TableConfig.Mode.CREATE);
        DynamoDbAsyncClient client =
                FailingRequests.first(1, "deleteItem", MET, LocalDynamoDb.client());
        try (LocalTable table = new LocalTable(config, client)) {
            String id = "s-1";
            Prose prose = new Prose(42);
            SessionEvent[] turns =
                    IntStream.range(0, 60)
                            .mapToObj(i -> prose.turn(id, i))
                            .toArray(SessionEvent[]::new);
            table.apply(id, turns);
            assertThat(table.keysOf(id)).hasSizeGreaterThan(1);

            Throwable first = catchThrowable(() -> table.apply(event(id).at(1_000).deleted()));
            table.apply(event(id).at(1_000).deleted());

            assertThat(first).isInstanceOf(Unavailable.class);
            assertThat(table.keysOf(id)).containsExactly(id);
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
                .atMost(PATIENCE);
    }

    private static Stream<Arguments> ofEachRequest(Throwable failure) {
        return Arrays.stream(Request.values()).map(request -> Arguments.of(request, failure));
    }

    private static DynamoDbException named(String code) {
        return named(DynamoDbException.builder(), code);
    }

    private static DynamoDbException named(DynamoDbException.Builder builder, String code) {
        return (DynamoDbException) builder.awsErrorDetails(details(code, code)).build();
    }

    private static DynamoDbException invalid(String message) {
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
