package dev.parley.dynamodb;

import dev.parley.session.SessionStoreException;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** What the SDK throws, in the words of the domain. */
final class DynamoDbFailures {

    private DynamoDbFailures() {}

    /** The failure itself, without what futures wrap it in. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    /** Everything may succeed later but what DynamoDB calls invalid. */
    static SessionStoreException translated(Throwable failure) {
        return failure instanceof DynamoDbException refusal
                        && refusal.awsErrorDetails() != null
                        && "ValidationException".equals(refusal.awsErrorDetails().errorCode())
                ? new SessionStoreException.Refused("DynamoDB calls the request invalid", failure)
                : new SessionStoreException.Unavailable(
                        "DynamoDB did not serve the request: " + failure.getClass().getSimpleName(),
                        failure);
    }
}
