package dev.parley.local;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A fault that {@link FaultyDynamoDb} injects into a request to DynamoDB. */
public enum Fault {
    /** The throughput of the table or of the partition is exceeded. */
    THROTTLED(
            400,
            "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
            "ProvisionedThroughputExceeded"),
    /** The throughput of the account is exceeded. */
    RATE_LIMITED(400, "com.amazon.coral.availability#ThrottlingException", "ThrottlingError"),
    ERROR(500, "com.amazonaws.dynamodb.v20120810#InternalServerError", "InternalServerError"),
    UNAVAILABLE(503, "com.amazon.coral.availability#ServiceUnavailableException", null),
    /** The connection ends before DynamoDB receives the request. */
    CONNECTION_CLOSED(0, "", null),
    /** The connection ends after DynamoDB has executed the request. */
    RESPONSE_LOST(0, "", null),
    /** DynamoDB receives the request late, and executes it even if the client waits no longer. */
    DELAYED(0, "", null),
    /** The request is invalid, so that a retry fails as well. */
    INVALID(400, "com.amazon.coral.validate#ValidationException", "ValidationError");

    /**
     * How long a {@link #DELAYED} request is delayed: longer than all its attempts may take
     * together.
     */
    static final Duration DELAY = Duration.ofSeconds(10);

    private final int status;
    private final String type;
    private final @Nullable String statementCode;

    Fault(int status, String type, @Nullable String statementCode) {
        this.status = status;
        this.type = type;
        this.statementCode = statementCode;
    }

    /** Returns the status of the response, or 0 if there is no response. */
    int status() {
        return status;
    }

    /**
     * Returns the code of the error of a single statement of a batch, or null if the fault only
     * concerns whole requests.
     */
    @Nullable String statementCode() {
        return statementCode;
    }

    /** Returns the type of the error in the response. */
    String type() {
        return type;
    }
}
