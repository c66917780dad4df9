package dev.parley.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Publishes realistic conversations for the demo: finished ones, one with several hundred turns,
 * and a few that continue while this JVM runs. A new user therefore sees sessions at once.
 */
public final class DemoTraffic {

    private static final int FINISHED_CONVERSATIONS = 24;
    private static final int ONGOING_CONVERSATIONS = 5;
    private static final int LONG_SESSION_TURNS = 320;
    private static final Duration EVENT_INTERVAL = Duration.ofMillis(500);
    private static final int MILLIS_PER_SECOND = 1_000;
    private static final int TICKS_PER_SECOND = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Producer<String, String> producer;
    private final JsonNode scripts;
    private final Random random = new Random();
    private final List<DemoConversation> ongoing = new ArrayList<>();
    private int conversations;

    private DemoTraffic(Producer<String, String> producer, JsonNode scripts) {
        this.producer = producer;
        this.scripts = scripts;
    }

    /** Publishes the finished conversations at once, and the others slowly in the background. */
    public static void start(String bootstrapServers) throws IOException {
        DemoTraffic demo = new DemoTraffic(producer(bootstrapServers), scripts());
        demo.publishFinished();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        var _ =
                clock.scheduleAtFixedRate(
                        () -> demo.publishNext(ONGOING_CONVERSATIONS),
                        0,
                        EVENT_INTERVAL.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Publishes only the finished conversations, and waits until the broker has them. */
    public static void publishFinishedConversations(String bootstrapServers) throws IOException {
        try (Producer<String, String> producer = producer(bootstrapServers)) {
            new DemoTraffic(producer, scripts()).publishFinished();
        }
    }

    /**
     * Publishes turns of that many conversations alternately, at a steady rate, for that time.
     *
     * @return the number of conversations that have begun
     */
    static int publishBusyTraffic(
            String bootstrapServers, int ongoing, int perSecond, Duration time)
            throws IOException, InterruptedException {
        try (Producer<String, String> producer = producer(bootstrapServers)) {
            DemoTraffic demo = new DemoTraffic(producer, scripts());
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                for (int i = 0; i < perSecond / TICKS_PER_SECOND; i++) {
                    demo.publishNext(ongoing);
                }
                Thread.sleep(MILLIS_PER_SECOND / TICKS_PER_SECOND);
            }
            return demo.conversations;
        }
    }

    private static Producer<String, String> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new StringSerializer(),
                new StringSerializer());
    }

    private static JsonNode scripts() throws IOException {
        try (InputStream in = DemoTraffic.class.getResourceAsStream("/demo/conversations.json")) {
            return JSON.readTree(in);
        }
    }

    private void publishFinished() {
        Instant now = now();
        for (int i = 0; i < FINISHED_CONVERSATIONS; i++) {
            publishAll(newConversation(), now.minus(Duration.ofMinutes(1 + random.nextInt(2_000))));
        }
        publishAll(
                new DemoConversation("demo-long", scripts.get(0), LONG_SESSION_TURNS, random),
                now.minus(Duration.ofHours(3)));
    }

    private void publishAll(DemoConversation conversation, Instant start) {
        Instant at = start;
        Optional<ObjectNode> event = conversation.next(at);
        while (event.isPresent()) {
            publish(event.get());
            at = at.plus(conversation.pause());
            event = conversation.next(at);
        }
    }

    private void publishNext(int conversationsAtATime) {
        while (ongoing.size() < conversationsAtATime) {
            ongoing.add(newConversation());
        }
        DemoConversation conversation = ongoing.get(random.nextInt(ongoing.size()));
        conversation.next(now()).ifPresentOrElse(this::publish, () -> ongoing.remove(conversation));
    }

    private DemoConversation newConversation() {
        conversations++;
        JsonNode script = scripts.get(random.nextInt(scripts.size()));
        int turns = script.get("turns").size();
        return new DemoConversation("demo-" + conversations, script, turns, random);
    }

    private void publish(ObjectNode event) {
        var _ =
                producer.send(
                        new ProducerRecord<>(
                                KafkaServer.TOPIC,
                                event.get("sessionId").textValue(),
                                event.toString()));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
