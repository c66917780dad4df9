package dev.parley.dynamodb.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The result of a conditional write. */
public sealed interface WriteResult {

    Done DONE = new Done();

    /** The write was made. */
    record Done() implements WriteResult {}

    /**
     * The write was not made, because its condition was false.
     *
     * @param found the stored item; empty if there is none, null if DynamoDB did not return it
     */
    record Conflict(@Nullable Map<String, AttributeValue> found) implements WriteResult {}
}
