package dev.parley.dynamodb;

import dev.parley.session.SessionStoreException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** What the SDK throws, in the words of the domain. */
final class DynamoDbFailures {

    /** What DynamoDB calls a request that is wrong, and would be so again. */
    private static final Set<String> INVALID =
            Set.of(
                    "ValidationException",
                    "ValidationError",
                    "IdempotentParameterMismatchException");

    private DynamoDbFailures() {}

    /** The failure itself, without what futures wrap it in. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    /**
     * Everything may succeed later but what DynamoDB calls invalid. Missing rights and a missing
     * table too: whoever mends them expects the service to go on by itself, with nothing lost.
     */
    static SessionStoreException translated(Throwable failure) {
        return isInvalid(failure)
                ? new SessionStoreException.Refused("DynamoDB calls the request invalid", failure)
                : new SessionStoreException.Unavailable(
                        "DynamoDB did not serve the request: " + name(failure), failure);
    }

    /** Whether DynamoDB is there and has more to do than it takes. */
    static boolean isThrottling(@Nullable Throwable failure) {
        return failure instanceof AwsServiceException told && told.isThrottlingException();
    }

    private static boolean isInvalid(Throwable failure) {
        return failure instanceof TransactionCanceledException canceled
                ? canceled.cancellationReasons().stream()
                        .anyMatch(reason -> INVALID.contains(reason.code()))
                : INVALID.contains(name(failure));
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
