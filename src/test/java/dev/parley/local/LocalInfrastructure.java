package dev.parley.local;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Runs DynamoDB Local and a Kafka broker with Parley's topics on 127.0.0.1. Their data is in memory
 * or in a temporary folder. They run in a separate JVM (see {@link LocalInfrastructureProcess}),
 * which ends when the process that started it ends, even if that process was killed.
 */
final class LocalInfrastructure {

    /**
     * A system property: the endpoint of a DynamoDB-compatible service that is running already. It
     * is used instead of DynamoDB Local.
     */
    static final String OTHER_DYNAMODB = "parley.local.dynamodb";

    private final String dynamoDbEndpoint;
    private final KafkaServer kafka;

    private LocalInfrastructure(String dynamoDbEndpoint, KafkaServer kafka) {
        this.dynamoDbEndpoint = dynamoDbEndpoint;
        this.kafka = kafka;
    }

    /** Returns the endpoint that {@value #OTHER_DYNAMODB} names; empty for DynamoDB Local. */
    static String otherDynamoDb() {
        return System.getProperty(OTHER_DYNAMODB, "");
    }

    /**
     * Starts both and waits until they accept requests.
     *
     * @param dynamoDbPort 0 for any free port
     * @param kafkaPort 0 for any free port
     * @throws IllegalStateException if a port is in use; the message names the port and a remedy
     */
    static LocalInfrastructure start(int dynamoDbPort, int kafkaPort) throws Exception {
        // With a port in use, Kafka would end the JVM without a message.
        int freeKafkaPort = Ports.free("Kafka", kafkaPort);
        String endpoint = otherDynamoDb().isEmpty() ? startDynamoDb(dynamoDbPort) : otherDynamoDb();
        Path logs = TemporaryFolders.temporary("parley-kafka");
        ParentProcess.endWithIt(() -> TemporaryFolders.delete(logs));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> TemporaryFolders.delete(logs)));
        KafkaServer kafka = new KafkaServer(freeKafkaPort, Ports.free(), logs);
        kafka.start();
        return new LocalInfrastructure(endpoint, kafka);
    }

    private static String startDynamoDb(int port) throws Exception {
        DynamoDbServer server =
                new DynamoDbServer(Ports.free("DynamoDB Local", port), Optional.empty());
        server.start();
        return server.endpoint();
    }

    String dynamoDbEndpoint() {
        return dynamoDbEndpoint;
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** Arguments: the port of DynamoDB Local and the port of Kafka, 0 for any free port. */
    public static void main(String[] arguments) {
        ChildJvm.run(
                () -> {
                    LocalInfrastructure infrastructure =
                            start(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
                    return infrastructure.dynamoDbEndpoint()
                            + " "
                            + infrastructure.bootstrapServers();
                });
    }
}
