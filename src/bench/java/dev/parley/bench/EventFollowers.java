package dev.parley.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpResponseExpectation;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.parsetools.RecordParser;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A process with clients that follow sessions, each over its own connection, and a producer that
 * publishes turns of those sessions. It measures the time from the publication of a turn to its
 * arrival at each client.
 */
final class EventFollowers {

    static final String PREFIX = "follow-";

    private static final int CLIENTS = 1_000;
    private static final int TIMEOUT_SECONDS = 60;

    /** The interval is no multiple of the intervals at which the service does its periodic work. */
    private static final long NANOS_BETWEEN_TURNS = TimeUnit.MILLISECONDS.toNanos(637);

    /**
     * The clients connect one after the other. Each begins with a read, and Parley would refuse
     * some of them with 503 if all came at once.
     */
    private static final long NANOS_BETWEEN_CLIENTS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final Pattern PUBLISHED_TURN = Pattern.compile("\"turnId\":\"(turn-[0-9-]+)\"");

    private final HttpClient client;
    private final KafkaProducer<String, String> producer;
    private final String topic;
    private final Map<String, Long> published = new ConcurrentHashMap<>();
    private final Histogram latencies = new ConcurrentHistogram(3);
    private final CountDownLatch following = new CountDownLatch(CLIENTS);
    private final int sessions;
    private volatile CountDownLatch arrivals = new CountDownLatch(0);

    private EventFollowers(URI service, String kafka, String topic, int sessions) {
        client =
                Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1))
                        .createHttpClient(
                                new HttpClientOptions()
                                        .setDefaultHost(service.getHost())
                                        .setDefaultPort(service.getPort()),
                                new PoolOptions().setHttp1MaxSize(CLIENTS));
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka),
                        new StringSerializer(),
                        new StringSerializer());
        this.topic = topic;
        this.sessions = sessions;
    }

    /**
     * The arguments are the URI of the service, the brokers, the topic and the number of sessions.
     * A load is a number of turns.
     */
    public static void main(String[] arguments) {
        LoadProcess.run(
                () -> {
                    EventFollowers followers =
                            new EventFollowers(
                                    URI.create(arguments[0]),
                                    arguments[1],
                                    arguments[2],
                                    Integer.parseInt(arguments[3]));
                    followers.connect();
                    return turns -> followers.measure(Integer.parseInt(turns));
                });
    }

    private void connect() {
        long start = System.nanoTime();
        for (int each = 0; each < CLIENTS; each++) {
            follow(PREFIX + each % sessions);
            sleepUntil(start + (each + 1) * NANOS_BETWEEN_CLIENTS);
        }
        await(following);
    }

    private Timing measure(int turns) {
        arrivals = new CountDownLatch(turns * (CLIENTS / sessions));
        latencies.reset();
        CpuTime cpu = CpuTime.start();
        long start = System.nanoTime();
        for (int turn = 0; turn < turns; turn++) {
            publish(turn);
            sleepUntil(start + (turn + 1) * NANOS_BETWEEN_TURNS);
        }
        await(arrivals);
        double seconds = (System.nanoTime() - start) / 1e9;
        return Timing.of(latencies, seconds, cpu.used());
    }

    private void follow(String sessionId) {
        var _ =
                client.request(HttpMethod.GET, "/sessions/" + sessionId + "/events")
                        .compose(HttpClientRequest::send)
                        .expecting(HttpResponseExpectation.SC_OK)
                        .onSuccess(
                                answer ->
                                        answer.exceptionHandler(EventFollowers::exit)
                                                .endHandler(
                                                        _ ->
                                                                exit(
                                                                        new IllegalStateException(
                                                                                "the stream of a client has ended")))
                                                .handler(
                                                        RecordParser.newDelimited(
                                                                "\n", new LineHandler()::handle)))
                        .onFailure(EventFollowers::exit);
    }

    /** Ends the process, because a client that receives less makes all figures wrong. */
    private static void exit(Throwable failure) {
        failure.printStackTrace();
        System.exit(1);
    }

    /** Handles the lines that one client receives. */
    private final class LineHandler {
        private boolean isFollowing;

        void handle(Buffer line) {
            String text = line.toString();
            if (!isFollowing && text.startsWith("event:") && text.endsWith("session")) {
                isFollowing = true;
                following.countDown();
            }
            Matcher turn = PUBLISHED_TURN.matcher(text);
            if (turn.find()) {
                Long publishedAt = published.get(turn.group(1));
                if (publishedAt != null) {
                    latencies.recordValue(System.nanoTime() - publishedAt);
                    arrivals.countDown();
                }
            }
        }
    }

    private void publish(int number) {
        String sessionId = PREFIX + number % sessions;
        Instant now = Instant.now();
        String turnId = "turn-" + now.toEpochMilli() + "-" + number;
        String turn =
                "{\"sessionId\":\"%s\",\"turnId\":\"%s\",\"occurredAt\":\"%s\",\"role\":\"user\",\"content\":\"%s\"}"
                        .formatted(sessionId, turnId, now, "Where is my order? ".repeat(10));
        published.put(turnId, System.nanoTime());
        var _ = producer.send(new ProducerRecord<>(topic, sessionId, turn));
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "%d clients or turns are missing after %d s"
                                .formatted(latch.getCount(), TIMEOUT_SECONDS));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleepUntil(long until) {
        try {
            TimeUnit.NANOSECONDS.sleep(Math.max(0, until - System.nanoTime()));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
