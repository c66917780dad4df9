package dev.parley.dynamodb.client;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;

/** The client as {@code quarkus.dynamodb.*} says, and what no property can say. */
@Dependent
class DynamoDbClientProducer {

    /**
     * One more try for a connection that was dropped or a moment of throttling; the SDK's own nine
     * would keep a failure from those who know better what to do: ingestion waits and says so, a
     * reader is told.
     */
    private static final int ATTEMPTS = 2;

    @Produces
    @ApplicationScoped
    DynamoDbAsyncClient client(DynamoDbAsyncClientBuilder configured) {
        return configured
                .overrideConfiguration(
                        configured.overrideConfiguration().toBuilder()
                                .retryStrategy(
                                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                                .maxAttempts(ATTEMPTS)
                                                .build())
                                .build())
                .build();
    }

    void close(@Disposes DynamoDbAsyncClient client) {
        client.close();
    }
}
