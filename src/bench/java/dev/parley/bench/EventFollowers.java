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
 * Clients that follow sessions, each over a connection of its own, and one who publishes turns of
 * those sessions. What counts is the time from a turn's publication to its arrival at a client.
 */
final class EventFollowers {

    static final String PREFIX = "follow-";

    private static final int CLIENTS = 1_000;
    private static final int PATIENCE = 60;

    /** Never at the same moment of what the service does regularly. */
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(637);

    /** All at once, each with its first read, are more than Parley lets wait: 503, come again. */
    private static final long BETWEEN_CLIENTS_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final Pattern OWN_TURN = Pattern.compile("\"turnId\":\"(told-[0-9-]+)\"");

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

    /** Arguments: where the service is, the brokers, the topic, sessions. A load is some turns. */
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
            followOne(PREFIX + each % sessions);
            sleep(start + (each + 1) * BETWEEN_CLIENTS_NANOS);
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
            sleep(start + (turn + 1) * BETWEEN_NANOS);
        }
        await(arrivals);
        double seconds = (System.nanoTime() - start) / 1e9;
        return Timing.of(latencies, seconds, cpu.used());
    }

    private void followOne(String sessionId) {
        var _ =
                client.request(HttpMethod.GET, "/sessions/" + sessionId + "/events")
                        .compose(HttpClientRequest::send)
                        .expecting(HttpResponseExpectation.SC_OK)
                        .onSuccess(
                                answer ->
                                        answer.exceptionHandler(EventFollowers::end)
                                                .endHandler(
                                                        ended ->
                                                                end(
                                                                        new IllegalStateException(
                                                                                "a stream ended")))
                                                .handler(
                                                        RecordParser.newDelimited(
                                                                "\n", new Lines()::take)))
                        .onFailure(EventFollowers::end);
    }

    /** A client that misses something makes all figures wrong. */
    private static void end(Throwable failure) {
        failure.printStackTrace();
        System.exit(1);
    }

    /** What one client gets. */
    private final class Lines {
        private boolean follows;

        void take(Buffer line) {
            String text = line.toString();
            if (!follows && text.startsWith("event:") && text.endsWith("session")) {
                follows = true;
                following.countDown();
            }
            Matcher turn = OWN_TURN.matcher(text);
            if (turn.find()) {
                Long then = published.get(turn.group(1));
                if (then != null) {
                    latencies.recordValue(System.nanoTime() - then);
                    arrivals.countDown();
                }
            }
        }
    }

    private void publish(int number) {
        String sessionId = PREFIX + number % sessions;
        Instant now = Instant.now();
        String turnId = "told-" + now.toEpochMilli() + "-" + number;
        String turn =
                "{\"sessionId\":\"%s\",\"turnId\":\"%s\",\"occurredAt\":\"%s\",\"role\":\"user\",\"content\":\"%s\"}"
                        .formatted(sessionId, turnId, now, "Where is my order? ".repeat(10));
        published.put(turnId, System.nanoTime());
        var _ = producer.send(new ProducerRecord<>(topic, sessionId, turn));
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE, TimeUnit.SECONDS)) {
                throw new IllegalStateException(latch.getCount() + " are missing");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(long until) {
        try {
            TimeUnit.NANOSECONDS.sleep(Math.max(0, until - System.nanoTime()));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
