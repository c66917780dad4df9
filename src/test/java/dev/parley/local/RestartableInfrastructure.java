package dev.parley.local;

import dev.parley.local.LocalInfrastructureProcess.Addresses;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs DynamoDB Local and a broker with Parley's topics, separate from those of the other tests.
 * Each runs in its own JVM and stores its data in files, so that it can be stopped and started
 * again. When this JVM ends for any reason, both end as well and their files are deleted.
 */
public final class RestartableInfrastructure implements AutoCloseable {

    private final Path folder = TemporaryFolders.temporaryInMemory("parley-restartable");
    private final RestartableServer dynamoDb;
    private final RestartableServer kafka;
    private final Thread atExit = new Thread(this::killAndDelete);

    private RestartableInfrastructure(List<String> jvmOptions) {
        dynamoDb =
                new RestartableServer(
                        jvmOptions,
                        DynamoDbServer.class,
                        "" + Ports.free(),
                        subfolder("dynamodb"),
                        "" + folder);
        kafka =
                new RestartableServer(
                        jvmOptions,
                        KafkaServer.class,
                        "" + Ports.free(),
                        "" + Ports.free(),
                        subfolder("kafka"),
                        "" + folder);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts both on free ports and waits until they accept requests. */
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

    private String subfolder(String name) {
        return TemporaryFolders.create(folder.resolve(name)).toString();
    }

    private void killAndDelete() {
        dynamoDb.kill();
        kafka.kill();
        TemporaryFolders.delete(folder);
    }

    @Override
    public void close() {
        killAndDelete();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
