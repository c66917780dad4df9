package dev.parley.local;

import com.google.errorprone.annotations.FormatMethod;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * DynamoDB Local and a Kafka broker with Parley's topics, both in memory or in a temporary folder,
 * both on 127.0.0.1. Meant for a JVM of its own (see {@link LocalInfrastructureProcess}), which
 * ends with the process that started it, however that ends.
 */
final class LocalInfrastructure {

    static final String TOPIC = "chat-turns";
    static final String DEAD_LETTERS = "chat-turns-dlq";

    static final int PARTITIONS = 6;

    /** Below the range from which Linux gives out ports for outgoing connections. */
    private static final int LOWEST_FREE_PORT = 20_000;

    private static final int HIGHEST_FREE_PORT = 32_000;

    private final int dynamoDbPort;
    private final int kafkaPort;
    private final Path logs;

    private LocalInfrastructure(int dynamoDbPort, int kafkaPort, Path logs) {
        this.dynamoDbPort = dynamoDbPort;
        this.kafkaPort = kafkaPort;
        this.logs = logs;
    }

    /**
     * Starts both and waits until they serve.
     *
     * @param dynamoDbPort 0 for any free one
     * @param kafkaPort 0 for any free one
     * @throws IllegalStateException if a port is taken; the message says which and what to do
     */
    static LocalInfrastructure start(int dynamoDbPort, int kafkaPort) throws Exception {
        LocalInfrastructure infrastructure =
                new LocalInfrastructure(
                        free("DynamoDB Local", dynamoDbPort),
                        free("Kafka", kafkaPort),
                        Files.createTempDirectory("parley-kafka"));
        ParentProcess.endWithIt(infrastructure::deleteLogs);
        Runtime.getRuntime().addShutdownHook(new Thread(infrastructure::deleteLogs));
        quietly(infrastructure::startDynamoDb);
        quietly(infrastructure::startKafka);
        infrastructure.createTopics();
        return infrastructure;
    }

    String dynamoDbEndpoint() {
        return "http://127.0.0.1:" + dynamoDbPort;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    private void startDynamoDb() throws Exception {
        DynamoDBProxyServer server =
                ServerRunner.createServerFromCommandLineArgs(
                        new String[] {
                            "-inMemory",
                            "-sharedDb",
                            "-disableTelemetry",
                            "-port",
                            "" + dynamoDbPort
                        });
        server.start();
    }

    private void startKafka() throws Exception {
        int controllerPort = free("Kafka's controller", 0);
        Properties properties = new Properties();
        properties.putAll(
                Map.ofEntries(
                        Map.entry("process.roles", "broker,controller"),
                        Map.entry("node.id", "1"),
                        Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                        Map.entry("controller.listener.names", "CONTROLLER"),
                        Map.entry(
                                "listeners",
                                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                                        .formatted(kafkaPort, controllerPort)),
                        Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + kafkaPort),
                        Map.entry("log.dirs", logs.resolve("data").toString()),
                        Map.entry("offsets.topic.replication.factor", "1"),
                        Map.entry("offsets.topic.num.partitions", "4"),
                        Map.entry("transaction.state.log.replication.factor", "1"),
                        Map.entry("transaction.state.log.min.isr", "1"),
                        Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                        Map.entry("share.coordinator.state.topic.min.isr", "1"),
                        Map.entry("group.initial.rebalance.delay.ms", "0"),
                        Map.entry("auto.create.topics.enable", "false")));
        Path file = logs.resolve("server.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        StorageTool.execute(
                new String[] {
                    "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", "" + file
                },
                new PrintStream(OutputStream.nullOutputStream()));
        new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM).startup();
    }

    private void createTopics() throws Exception {
        try (Admin admin =
                Admin.create(
                        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
            // A dead letter is a record of the greatest size and some headers.
            NewTopic deadLetters =
                    new NewTopic(DEAD_LETTERS, 1, (short) 1)
                            .configs(Map.of("max.message.bytes", "2097152"));
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1), deadLetters))
                    .all()
                    .get();
        }
    }

    /** The port itself if nobody listens there. Kafka would end the JVM without a word. */
    private static int free(String owner, int wanted) {
        if (wanted != 0) {
            requireFree(owner, wanted);
            return wanted;
        }
        return ThreadLocalRandom.current()
                .ints(LOWEST_FREE_PORT, HIGHEST_FREE_PORT)
                .filter(LocalInfrastructure::isFree)
                .findFirst()
                .orElseThrow();
    }

    /**
     * @throws IllegalStateException if something listens there; the message tells what to do
     */
    static void requireFree(String owner, int port) {
        if (!isFree(port)) {
            throw new IllegalStateException(
                    "Port %d, which %s needs, is taken: end the process that listens there (lsof -i :%d tells which), then try again."
                            .formatted(port, owner, port));
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            return false;
        }
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Both print banners and log their whole configuration. */
    private static void quietly(Starting starting) throws Exception {
        Logger.getLogger("").setLevel(Level.SEVERE);
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        try {
            starting.run();
        } finally {
            System.setOut(out);
            System.setErr(new WithoutAntlr(System.err));
        }
    }

    /** DynamoDB Local's parser remarks at each start that its versions differ. */
    private static final class WithoutAntlr extends PrintStream {
        WithoutAntlr(PrintStream err) {
            super(err, true);
        }

        @Override
        @FormatMethod
        public PrintStream printf(String format, Object... arguments) {
            return format.startsWith("ANTLR") ? this : super.printf(format, arguments);
        }
    }

    @FunctionalInterface
    private interface Starting {
        void run() throws Exception;
    }

    private void deleteLogs() {
        try (Stream<Path> files = Files.walk(logs)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Arguments: the port of DynamoDB Local, the port of Kafka; 0 for any. */
    public static void main(String[] arguments) {
        try {
            LocalInfrastructure infrastructure =
                    start(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
            System.out.println(
                    LocalInfrastructureProcess.READY
                            + infrastructure.dynamoDbEndpoint()
                            + " "
                            + infrastructure.bootstrapServers());
        } catch (Exception e) {
            System.out.println(LocalInfrastructureProcess.FAILED + e.getMessage());
            System.exit(1);
        }
    }
}
