package dev.parley.local;

import dev.parley.local.LocalInfrastructureProcess.Addresses;
import java.nio.file.Path;
import java.util.List;

/**
 * DynamoDB Local and a broker with Parley's topics, apart from those of the other tests: each in a
 * JVM of its own and with its data in files, so that it can go and come back. Both end, and their
 * files go, with this JVM, however that ends.
 */
public final class RestartableInfrastructure implements AutoCloseable {

    private final Path folder = Folders.temporaryInMemory("parley-restartable");
    private final RestartableServer dynamoDb;
    private final RestartableServer kafka;
    private final Thread atExit = new Thread(this::end);

    private RestartableInfrastructure(List<String> jvmOptions) {
        dynamoDb =
                new RestartableServer(
                        jvmOptions,
                        DynamoDbServer.class,
                        "" + Ports.free(),
                        within("dynamodb"),
                        "" + folder);
        kafka =
                new RestartableServer(
                        jvmOptions,
                        KafkaServer.class,
                        "" + Ports.free(),
                        "" + Ports.free(),
                        within("kafka"),
                        "" + folder);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts both on free ports and waits until they serve. */
    public static RestartableInfrastructure start(List<String> jvmOptions) {
        RestartableInfrastructure infrastructure = new RestartableInfrastructure(jvmOptions);
        infrastructure.dynamoDb.start();
        infrastructure.kafka.start();
        return infrastructure;
    }

    public RestartableServer dynamoDb() {
        return dynamoDb;
    }

    public RestartableServer kafka() {
        return kafka;
    }

    public Addresses addresses() {
        return new Addresses(dynamoDb.address(), kafka.address());
    }

    private String within(String name) {
        return Folders.made(folder.resolve(name)).toString();
    }

    private void end() {
        dynamoDb.kill();
        kafka.kill();
        Folders.delete(folder);
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
