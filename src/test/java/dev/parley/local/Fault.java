package dev.parley.local;

import java.time.Duration;

/** What may happen to a request to DynamoDB. */
public enum Fault {
    /** The table's or the partition's throughput is used up. */
    THROTTLED(400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"),
    /** The account's is. */
    RATE_LIMITED(400, "com.amazon.coral.availability#ThrottlingException"),
    ERROR(500, "com.amazonaws.dynamodb.v20120810#InternalServerError"),
    UNAVAILABLE(503, "com.amazon.coral.availability#ServiceUnavailableException"),
    /** The connection ends before DynamoDB gets the request. */
    HUNG_UP(0, ""),
    /** The connection ends after DynamoDB has carried the request out. */
    ANSWER_LOST(0, ""),
    /** DynamoDB gets it late, and carries it out whether or not anyone still waits for it. */
    HELD(0, ""),
    /** The request is wrong, and would be so again. */
    INVALID(400, "com.amazon.coral.validate#ValidationException");

    /** How long a request is {@link #HELD} back: longer than all attempts together may take. */
    static final Duration HELD_FOR = Duration.ofSeconds(10);

    private final int status;
    private final String type;

    Fault(int status, String type) {
        this.status = status;
        this.type = type;
    }

    /** Of the answer; 0 where there is none. */
    int status() {
        return status;
    }

    /** What the answer calls it. */
    String type() {
        return type;
    }
}
