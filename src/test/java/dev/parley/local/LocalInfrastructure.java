package dev.parley.local;

import java.nio.file.Path;
import java.util.Optional;

/**
 * DynamoDB Local and a Kafka broker with Parley's topics, both in memory or in a temporary folder,
 * both on 127.0.0.1. Meant for a JVM of its own (see {@link LocalInfrastructureProcess}), which
 * ends with the process that started it, however that ends.
 */
final class LocalInfrastructure {

    private final DynamoDbServer dynamoDb;
    private final KafkaServer kafka;

    private LocalInfrastructure(DynamoDbServer dynamoDb, KafkaServer kafka) {
        this.dynamoDb = dynamoDb;
        this.kafka = kafka;
    }

    /**
     * Starts both and waits until they serve.
     *
     * @param dynamoDbPort 0 for any free one
     * @param kafkaPort 0 for any free one
     * @throws IllegalStateException if a port is taken; the message says which and what to do
     */
    static LocalInfrastructure start(int dynamoDbPort, int kafkaPort) throws Exception {
        int freeDynamoDbPort = Ports.free("DynamoDB Local", dynamoDbPort);
        // Kafka would end the JVM without a word.
        int freeKafkaPort = Ports.free("Kafka", kafkaPort);
        Path logs = Folders.temporary("parley-kafka");
        LocalInfrastructure infrastructure =
                new LocalInfrastructure(
                        new DynamoDbServer(freeDynamoDbPort, Optional.empty()),
                        new KafkaServer(freeKafkaPort, Ports.free(), logs));
        ParentProcess.endWithIt(() -> Folders.delete(logs));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Folders.delete(logs)));
        infrastructure.dynamoDb.start();
        infrastructure.kafka.start();
        return infrastructure;
    }

    String dynamoDbEndpoint() {
        return dynamoDb.endpoint();
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** Arguments: the port of DynamoDB Local, the port of Kafka; 0 for any. */
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
