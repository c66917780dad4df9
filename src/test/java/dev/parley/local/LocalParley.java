package dev.parley.local;

import io.quarkus.test.common.DevServicesContext;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/**
 * Points a {@code @QuarkusTest} at the local infrastructure of this test run. With {@code
 * -Pdevservices} the infrastructure is the containers that Quarkus has started.
 */
public final class LocalParley
        implements QuarkusTestResourceLifecycleManager, DevServicesContext.ContextAware {

    /** The name of the argument that replaces the endpoint of the local DynamoDB. */
    public static final String DYNAMODB = "dynamoDb";

    /** The name that a label in docker/dev-services.yaml gives to the port of DynamoDB. */
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

    /** Does nothing, since the infrastructure ends with the JVM of the tests. */
    @Override
    public void stop() {}
}
