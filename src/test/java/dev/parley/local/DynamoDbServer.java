package dev.parley.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/** DynamoDB Local in this JVM, for as long as that lives. */
final class DynamoDbServer {

    private final int port;
    private final Optional<Path> folder;

    /**
     * @param folder where it keeps its data, and takes it up again; empty: in memory
     */
    DynamoDbServer(int port, Optional<Path> folder) {
        this.port = port;
        this.folder = folder;
    }

    String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Starts it and waits until it serves. */
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

    /** Arguments: the port, where the data is, and what to delete when the parent has gone. */
    public static void main(String[] arguments) {
        ChildJvm.run(
                () -> {
                    ParentProcess.endWithIt(() -> Folders.delete(Path.of(arguments[2])));
                    DynamoDbServer server =
                            new DynamoDbServer(
                                    Integer.parseInt(arguments[0]),
                                    Optional.of(Path.of(arguments[1])));
                    server.start();
                    return server.endpoint();
                });
    }
}
