package dev.parley.local;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;

/** DynamoDB Local as a test talks to it: any credentials will do, but some there must be. */
public final class LocalDynamoDb {

    private LocalDynamoDb() {}

    /** A client of the engine of this test run; the caller closes it. */
    public static DynamoDbAsyncClient client() {
        return client(LocalInfrastructureProcess.shared().dynamoDb());
    }

    /** A client of another engine; the caller closes it. */
    public static DynamoDbAsyncClient client(String endpoint) {
        return builder(endpoint).build();
    }

    /**
     * A client of the engine of this test run whose requests someone sees; the caller closes it.
     */
    public static DynamoDbAsyncClient seenBy(ExecutionInterceptor observer) {
        return builder(LocalInfrastructureProcess.shared().dynamoDb())
                .overrideConfiguration(c -> c.addExecutionInterceptor(observer))
                .build();
    }

    private static DynamoDbAsyncClientBuilder builder(String endpoint) {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("local", "local")));
    }
}
