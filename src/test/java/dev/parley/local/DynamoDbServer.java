package dev.parley.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/** Runs DynamoDB Local in this JVM until the JVM ends. */
final class DynamoDbServer {

    private final int port;
    private final Optional<Path> folder;

    /**
     * @param folder where it stores its data, and reads data of an earlier run; empty for memory
     */
    DynamoDbServer(int port, Optional<Path> folder) {
        this.port = port;
        this.folder = folder;
    }

    String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Starts the server and waits until it accepts requests. */
    void start() throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("-sharedDb", "-disableTelemetry", "-port", "" + port));
        folder.ifPresentOrElse(
                path -> arguments.addAll(List.of("-dbPath", path.toString())),
                () -> arguments.add("-inMemory"));
        QuietLogging.run(
                () -> {
                    DynamoDBProxyServer server =
                            ServerRunner.createServerFromCommandLineArgs(
                                    arguments.toArray(String[]::new));
                    server.start();
                });
    }

    /**
     * Arguments: the port, the folder of the data, and the folder to delete after the parent ended.
     */
    public static void main(String[] arguments) {
        ChildJvm.run(
                () -> {
                    ParentProcess.endWithIt(() -> TemporaryFolders.delete(Path.of(arguments[2])));
                    DynamoDbServer server =
                            new DynamoDbServer(
                                    Integer.parseInt(arguments[0]),
                                    Optional.of(Path.of(arguments[1])));
                    server.start();
                    return server.endpoint();
                });
    }
}
