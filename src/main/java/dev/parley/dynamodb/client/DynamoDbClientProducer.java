package dev.parley.dynamodb.client;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;

/**
 * Produces the DynamoDB client from {@code quarkus.dynamodb.*}, and sets the number of attempts,
 * for which there is no property.
 */
@Dependent
class DynamoDbClientProducer {

    /**
     * Allows one retry, for a dropped connection or a moment of throttling. With the nine attempts
     * that are the SDK's default, the callers would learn of a failure late, although they can
     * handle it better: ingestion waits and reports it, and a reader gets an error.
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
