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
 * Translates exceptions of the AWS SDK to those of the domain. There are three cases:
 *
 * <ul>
 *   <li>The condition of a write was false, or the write conflicts with a transaction of another
 *       writer. The caller makes a new plan ({@link #conflict}).
 *   <li>DynamoDB reports that the request is invalid, and would do so again ({@link
 *       SessionStoreException.Refused}).
 *   <li>Every other failure may be temporary ({@link SessionStoreException.Unavailable}):
 *       throttling, a request that conflicts with a transaction, a transaction that is still in
 *       progress, a write in another region, and every error code that is not known here. Missing
 *       permissions, a missing table and a missing index belong here, too: after an operator has
 *       fixed them, the service continues without a restart, and no event is lost.
 * </ul>
 *
 * <p>The error codes are those of <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html">Error
 * handling</a> and of <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html">TransactWriteItems</a>.
 */
public final class DynamoDbFailures {

    /**
     * Error codes of requests that are invalid and would be invalid again. The size limit of an
     * item collection belongs here: it exists only for tables with local secondary indexes, and
     * waiting does not raise it.
     */
    private static final Set<String> INVALID =
            Set.of(
                    "ValidationException",
                    "ValidationError",
                    "IdempotentParameterMismatchException",
                    "ItemCollectionSizeLimitExceededException",
                    "ItemCollectionSizeLimitExceeded");

    /**
     * Parts of the messages with which DynamoDB rejects a query, as a {@code ValidationException},
     * because the index does not exist or is not filled yet. The request is valid in both cases,
     * and both states may be temporary.
     */
    private static final List<String> INDEX_NOT_READY =
            List.of("backfilling global secondary index", "does not have the specified index");

    private static final String CONDITION_FAILED = "ConditionalCheckFailed";
    private static final String MET_TRANSACTION = "TransactionConflict";

    private DynamoDbFailures() {}

    /** Returns the failure without the {@link CompletionException} that wraps it. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    /**
     * Returns the conflict because of which a conditional write was not made; empty if the failure
     * has another cause.
     */
    static Optional<WriteResult.Conflict> conflict(Throwable failure) {
        return switch (cause(failure)) {
            case ConditionalCheckFailedException check ->
                    Optional.of(new WriteResult.Conflict(check.item()));
            case TransactionConflictException met -> Optional.of(new WriteResult.Conflict(null));
            case TransactionCanceledException canceled -> conflict(canceled.cancellationReasons());
            default -> Optional.empty();
        };
    }

    /**
     * Returns the conflict of a cancelled transaction. The first reason is that of the head, which
     * is the only item that a new plan is made from.
     */
    private static Optional<WriteResult.Conflict> conflict(List<CancellationReason> reasons) {
        if (reasons.isEmpty()) {
            return Optional.empty();
        }
        CancellationReason head = reasons.getFirst();
        if (CONDITION_FAILED.equals(head.code())) {
            return Optional.of(new WriteResult.Conflict(head.item()));
        }
        boolean met =
                reasons.stream()
                        .map(CancellationReason::code)
                        .anyMatch(
                                code ->
                                        CONDITION_FAILED.equals(code)
                                                || MET_TRANSACTION.equals(code));
        return met && !isInvalid(reasons)
                ? Optional.of(new WriteResult.Conflict(null))
                : Optional.empty();
    }

    /**
     * Translates a failure that is not a {@link #conflict}, and any failure of a request without a
     * condition.
     */
    static SessionStoreException translated(Throwable wrapped) {
        Throwable failure = cause(wrapped);
        if (failure instanceof SessionStoreException translated) {
            return translated;
        }
        return isInvalid(failure)
                ? new SessionStoreException.Refused("DynamoDB calls the request invalid", failure)
                : new SessionStoreException.Unavailable(
                        "DynamoDB did not serve the request: " + name(failure), failure);
    }

    /** Returns whether DynamoDB is reachable but throttles requests. */
    public static boolean isThrottling(@Nullable Throwable failure) {
        return failure instanceof AwsServiceException exception
                && exception.isThrottlingException();
    }

    /** Returns whether the request needs a permission that the service does not have. */
    static boolean isDenied(Throwable failure) {
        return name(cause(failure)).equals("AccessDeniedException");
    }

    private static boolean isInvalid(Throwable failure) {
        return failure instanceof TransactionCanceledException canceled
                ? isInvalid(canceled.cancellationReasons())
                : INVALID.contains(name(failure)) && !isOfIndexNotReady(failure);
    }

    private static boolean isInvalid(List<CancellationReason> reasons) {
        return reasons.stream()
                .flatMap(reason -> Stream.ofNullable(reason.code()))
                .anyMatch(INVALID::contains);
    }

    private static boolean isOfIndexNotReady(Throwable failure) {
        String message = failure.getMessage();
        return message != null && INDEX_NOT_READY.stream().anyMatch(message::contains);
    }

    /** Returns the error code of DynamoDB; if there is none, the name of the exception's class. */
    private static String name(Throwable failure) {
        return failure instanceof AwsServiceException exception
                        && exception.awsErrorDetails() != null
                        && exception.awsErrorDetails().errorCode() != null
                ? exception.awsErrorDetails().errorCode()
                : failure.getClass().getSimpleName();
    }
}
