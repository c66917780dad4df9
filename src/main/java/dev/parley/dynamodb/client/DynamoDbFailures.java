package dev.parley.dynamodb.client;

import dev.parley.session.SessionStoreException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * What the SDK throws, in the words of the domain. There are three fates:
 *
 * <ul>
 *   <li>a conditional write that met another state, or a transaction of someone else, is planned
 *       anew ({@link #conflict});
 *   <li>what DynamoDB calls invalid would be so again ({@link SessionStoreException.Refused});
 *   <li>all else may pass ({@link SessionStoreException.Unavailable}): throttling, a request that
 *       meets a transaction, a transaction that is still under way, a write in another region, and
 *       what DynamoDB will call by names that are not known here. Missing rights, a missing table
 *       and a missing index too: whoever mends them expects the service to go on by itself, with
 *       nothing lost.
 * </ul>
 *
 * <p>The names are those of <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html">Error
 * handling</a> and of <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html">TransactWriteItems</a>.
 */
public final class DynamoDbFailures {

    /**
     * What DynamoDB calls a request that is wrong, and would be so again. The size of an item
     * collection belongs here: only tables with local indexes have such a limit, which no waiting
     * makes wider.
     */
    private static final Set<String> INVALID =
            Set.of(
                    "ValidationException",
                    "ValidationError",
                    "IdempotentParameterMismatchException",
                    "ItemCollectionSizeLimitExceededException",
                    "ItemCollectionSizeLimitExceeded");

    /**
     * What DynamoDB says, as a {@code ValidationException}, of an index that is not there or not
     * filled yet: neither is wrong with the request, and both pass.
     */
    private static final List<String> INDEX_COMES =
            List.of("backfilling global secondary index", "does not have the specified index");

    private static final String CONDITION_FAILED = "ConditionalCheckFailed";
    private static final String MET_TRANSACTION = "TransactionConflict";

    private DynamoDbFailures() {}

    /** The failure itself, without what futures wrap it in. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    /** What a conditional write met, if that is why it did not take place. */
    static Optional<DynamoDb.Write.Conflict> conflict(Throwable failure) {
        return switch (cause(failure)) {
            case ConditionalCheckFailedException check ->
                    Optional.of(new DynamoDb.Write.Conflict(check.item()));
            case TransactionConflictException met -> Optional.of(new DynamoDb.Write.Conflict(null));
            case TransactionCanceledException canceled -> conflict(canceled.cancellationReasons());
            default -> Optional.empty();
        };
    }

    /** The first reason is that of the head, which alone is planned from. */
    private static Optional<DynamoDb.Write.Conflict> conflict(List<CancellationReason> reasons) {
        if (reasons.isEmpty()) {
            return Optional.empty();
        }
        CancellationReason head = reasons.getFirst();
        if (CONDITION_FAILED.equals(head.code())) {
            return Optional.of(new DynamoDb.Write.Conflict(head.item()));
        }
        boolean met =
                reasons.stream()
                        .map(CancellationReason::code)
                        .anyMatch(
                                code ->
                                        CONDITION_FAILED.equals(code)
                                                || MET_TRANSACTION.equals(code));
        return met && !isInvalid(reasons)
                ? Optional.of(new DynamoDb.Write.Conflict(null))
                : Optional.empty();
    }

    /** For what is not a {@link #conflict}, or comes of a request that has no condition. */
    static SessionStoreException translated(Throwable wrapped) {
        Throwable failure = cause(wrapped);
        if (failure instanceof SessionStoreException told) {
            return told;
        }
        return isInvalid(failure)
                ? new SessionStoreException.Refused("DynamoDB calls the request invalid", failure)
                : new SessionStoreException.Unavailable(
                        "DynamoDB did not serve the request: " + name(failure), failure);
    }

    /** Whether DynamoDB is there and has more to do than it takes. */
    public static boolean isThrottling(@Nullable Throwable failure) {
        return failure instanceof AwsServiceException told && told.isThrottlingException();
    }

    private static boolean isInvalid(Throwable failure) {
        return failure instanceof TransactionCanceledException canceled
                ? isInvalid(canceled.cancellationReasons())
                : INVALID.contains(name(failure)) && !isOfAnIndexThatComes(failure);
    }

    private static boolean isInvalid(List<CancellationReason> reasons) {
        return reasons.stream()
                .flatMap(reason -> Stream.ofNullable(reason.code()))
                .anyMatch(INVALID::contains);
    }

    private static boolean isOfAnIndexThatComes(Throwable failure) {
        String message = failure.getMessage();
        return message != null && INDEX_COMES.stream().anyMatch(message::contains);
    }

    /** As DynamoDB calls it; what never came to DynamoDB, as the SDK does. */
    private static String name(Throwable failure) {
        return failure instanceof AwsServiceException told
                        && told.awsErrorDetails() != null
                        && told.awsErrorDetails().errorCode() != null
                ? told.awsErrorDetails().errorCode()
                : failure.getClass().getSimpleName();
    }
}
