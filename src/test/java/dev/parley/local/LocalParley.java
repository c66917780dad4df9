package dev.parley.local;

import io.quarkus.test.common.DevServicesContext;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/**
 * Points a {@code @QuarkusTest} at the local infrastructure of this test run; with {@code
 * -Pdevservices} that is what Quarkus has started in containers.
 */
public final class LocalParley
        implements QuarkusTestResourceLifecycleManager, DevServicesContext.ContextAware {

    /** The argument for another DynamoDB than the local one. */
    public static final String DYNAMODB = "dynamoDb";

    /** The labels of docker/dev-services.yaml give their ports these names. */
    private static final String DYNAMODB_PORT = "dev-services.dynamodb.port";

    private static final String KAFKA_PORT = "dev-services.kafka.port";

    private Map<String, String> arguments = Map.of();

    @Override
    public void init(Map<String, String> initArgs) {
        arguments = initArgs;
    }

    @Override
    public void setIntegrationTestContext(DevServicesContext context) {
        Map<String, String> started = context.devServicesProperties();
        if (started.containsKey(DYNAMODB_PORT)) {
            LocalInfrastructureProcess.replace(
                    new LocalInfrastructureProcess.Addresses(
                            "http://127.0.0.1:" + started.get(DYNAMODB_PORT),
                            "127.0.0.1:" + started.get(KAFKA_PORT)));
        }
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
