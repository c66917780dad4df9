package dev.parley.local;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Points a {@code @QuarkusTest} at the local infrastructure of this test run. */
public final class LocalParley implements QuarkusTestResourceLifecycleManager {

    /** The argument for another DynamoDB than the local one. */
    public static final String DYNAMODB = "dynamoDb";

    private Map<String, String> arguments = Map.of();

    @Override
    public void init(Map<String, String> initArgs) {
        arguments = initArgs;
    }

    @Override
    public Map<String, String> start() {
        LocalInfrastructureProcess.Addresses addresses = LocalInfrastructureProcess.shared();
        return Map.of(
                "quarkus.dynamodb.endpoint-override",
                        arguments.getOrDefault(DYNAMODB, addresses.dynamoDb()),
                "kafka.bootstrap.servers", addresses.kafka());
    }

    /** Nothing: the infrastructure ends with the tests' JVM. */
    @Override
    public void stop() {}
}
