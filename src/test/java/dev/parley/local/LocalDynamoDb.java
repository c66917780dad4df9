package dev.parley.local;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;

/** Creates clients of DynamoDB Local. It accepts any credentials, but requires some. */
public final class LocalDynamoDb {

    private LocalDynamoDb() {}

    /** Creates a client of the DynamoDB Local of this test run. The caller closes it. */
    public static DynamoDbAsyncClient client() {
        return client(LocalInfrastructureProcess.shared().dynamoDb());
    }

    /** Creates a client of another DynamoDB Local. The caller closes it. */
    public static DynamoDbAsyncClient client(String endpoint) {
        return builder(endpoint).build();
    }

    /** Creates a client whose requests are passed to an observer. The caller closes it. */
    public static DynamoDbAsyncClient observedBy(ExecutionInterceptor observer) {
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
