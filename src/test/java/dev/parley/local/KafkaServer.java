package dev.parley.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/** Runs a Kafka broker, which is its own controller, in this JVM, and creates Parley's topics. */
final class KafkaServer {

    static final String TOPIC = "chat-turns";
    static final String DEAD_LETTERS = "chat-turns-dlq";

    static final int PARTITIONS = 6;

    private final int port;
    private final Path folder;
    private final Properties properties = new Properties();
    private @Nullable KafkaRaftServer server;

    /**
     * @param controllerPort the same at each start of the broker with that folder
     * @param folder where the broker stores its data, and reads data of an earlier run
     */
    KafkaServer(int port, int controllerPort, Path folder) {
        this.port = port;
        this.folder = folder;
        properties.putAll(
                Map.ofEntries(
                        Map.entry("process.roles", "broker,controller"),
                        Map.entry("node.id", "1"),
                        Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                        Map.entry("controller.listener.names", "CONTROLLER"),
                        Map.entry(
                                "listeners",
                                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                                        .formatted(port, controllerPort)),
                        Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
                        Map.entry("log.dirs", data().toString()),
                        Map.entry("offsets.topic.replication.factor", "1"),
                        Map.entry("offsets.topic.num.partitions", "4"),
                        Map.entry("transaction.state.log.replication.factor", "1"),
                        Map.entry("transaction.state.log.min.isr", "1"),
                        Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                        Map.entry("share.coordinator.state.topic.min.isr", "1"),
                        Map.entry("group.initial.rebalance.delay.ms", "0"),
                        Map.entry("auto.create.topics.enable", "false")));
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    private Path data() {
        return folder.resolve("data");
    }

    /** Adds a listener at another port, with further settings. */
    void addListener(String listener, Map<String, String> settings) {
        properties.merge("listeners", listener, (existing, added) -> existing + "," + added);
        properties.merge(
                "advertised.listeners", listener, (existing, added) -> existing + "," + added);
        properties.putAll(settings);
    }

    /** Starts the broker and waits until it accepts requests. A new broker gets the topics. */
    void start() throws Exception {
        boolean fresh = Files.notExists(data());
        QuietLogging.run(
                () -> {
                    if (fresh) {
                        format();
                    }
                    KafkaRaftServer started =
                            new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
                    started.startup();
                    server = started;
                });
        if (fresh) {
            createTopics();
        }
    }

    /** Shuts the broker down in order, so that its folder is in a clean state. */
    void stop() {
        if (server != null) {
            server.shutdown();
        }
    }

    private void format() throws IOException {
        Path file = folder.resolve("server.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        StorageTool.execute(
                new String[] {
                    "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", "" + file
                },
                new PrintStream(OutputStream.nullOutputStream()));
    }

    private void createTopics() throws Exception {
        try (Admin admin =
                Admin.create(
                        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
            // A dead letter can be a record of the maximum size plus some headers.
            NewTopic deadLetters =
                    new NewTopic(DEAD_LETTERS, 1, (short) 1)
                            .configs(Map.of("max.message.bytes", "2097152"));
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1), deadLetters))
                    .all()
                    .get();
        }
    }

    /**
     * Shuts down in order when the JVM is terminated. Arguments: the port, the port of the
     * controller, the folder of the data, and the folder to delete after the parent ended.
     */
    public static void main(String[] arguments) {
        ChildJvm.run(
                () -> {
                    ParentProcess.endWithIt(() -> TemporaryFolders.delete(Path.of(arguments[3])));
                    KafkaServer server =
                            new KafkaServer(
                                    Integer.parseInt(arguments[0]),
                                    Integer.parseInt(arguments[1]),
                                    Path.of(arguments[2]));
                    server.start();
                    Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
                    return server.bootstrapServers();
                });
    }
}
