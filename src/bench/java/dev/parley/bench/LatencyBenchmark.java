package dev.parley.bench;

import static dev.parley.local.FaultyDynamoDb.isUpdate;

import dev.parley.local.Fault;
import dev.parley.local.FaultyDynamoDb;
import dev.parley.local.LocalInfrastructureProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Measures the time from the publication of a turn until it is stored: of lone turns, while nothing
 * else happens, and of the turns of other sessions while the writes of one session fail. Each turn
 * is of a new session, which is looked for until it is there. Measures also how long it takes until
 * another instance has the partitions of one that was killed.
 */
final class LatencyBenchmark {

    private static final int LONE_TURNS = 150;
    private static final Duration FAILING = Duration.ofSeconds(60);
    private static final int TURNS_BESIDE = 20;
    private static final Duration BETWEEN_TURNS = Duration.ofMillis(50);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);
    private static final Duration BETWEEN_METRICS = Duration.ofMillis(100);
    private static final Duration MAX_TIME = Duration.ofMinutes(2);
    private static final int WARM_BACKLOG = 4_000;
    private static final double MILLIS = 1e6;

    private final BacklogTopic topic;
    private final FaultyDynamoDb dynamoDb;
    private final DynamoDbAsyncClient client;
    private final BenchSettings settings;
    private final String table = "bench-" + UUID.randomUUID();
    private int turns;

    private LatencyBenchmark(
            BacklogTopic topic,
            FaultyDynamoDb dynamoDb,
            DynamoDbAsyncClient client,
            BenchSettings settings) {
        this.topic = topic;
        this.dynamoDb = dynamoDb;
        this.client = client;
        this.settings = settings;
    }

    static List<Row> rows(BenchSettings settings) throws Exception {
        String endpoint = LocalInfrastructureProcess.shared().dynamoDb();
        try (BacklogTopic topic = new BacklogTopic();
                FaultyDynamoDb dynamoDb = new FaultyDynamoDb(endpoint);
                DynamoDbAsyncClient client = BareClient.create(endpoint)) {
            return new LatencyBenchmark(topic, dynamoDb, client, settings).measure();
        }
    }

    private List<Row> measure() throws Exception {
        try (MeasuredService service = start()) {
            BacklogFeeder feed = new BacklogFeeder(topic, service);
            for (int round = 0; !feed.isWarm(settings.warmUp()); round++) {
                feed.measure(newSessions("warm-" + round + "-", WARM_BACKLOG));
            }
            List<Histogram> lone = new ArrayList<>();
            for (int round = 0; round < settings.rounds(); round++) {
                Histogram latencies = new Histogram(3);
                for (int i = 0; i < LONE_TURNS; i++) {
                    latencies.recordValue(nanosUntilStored());
                }
                lone.add(printed("lone turns", latencies));
            }
            Histogram others = printed("others", whileOneSessionFails());
            return rows(lone, others, replacements(service));
        }
    }

    private MeasuredService start() {
        return MeasuredService.startOnTable(
                table,
                topic,
                settings,
                Map.of("quarkus.dynamodb.endpoint-override", dynamoDb.endpoint()));
    }

    private Histogram whileOneSessionFails() throws InterruptedException {
        String failing = "failing-";
        dynamoDb.inject(
                Fault.THROTTLED, isUpdate().and(request -> request.body().contains(failing)));
        topic.publish(newSessions(failing, 1).stream());
        Histogram latencies = new Histogram(3);
        long end = System.nanoTime() + FAILING.toNanos();
        while (System.nanoTime() < end) {
            topic.publish(newSessions("beside-" + turns, TURNS_BESIDE).stream());
            latencies.recordValue(nanosUntilStored());
        }
        dynamoDb.stopFaults();
        return latencies;
    }

    /** Publishes the first turn of a session, and returns the time until the session is stored. */
    private long nanosUntilStored() throws InterruptedException {
        Thread.sleep(BETWEEN_TURNS);
        Event event = newSessions("lone-" + turns++ + "-", 1).getFirst();
        Map<String, AttributeValue> key =
                Map.of("sessionId", AttributeValue.fromS(event.sessionId()));
        long start = System.nanoTime();
        topic.publish(List.of(event).stream());
        while (client.getItem(get -> get.tableName(table).key(key).consistentRead(true))
                .join()
                .item()
                .isEmpty()) {
            if (System.nanoTime() - start > MAX_TIME.toNanos()) {
                throw new IllegalStateException("a turn was not stored within " + MAX_TIME);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        return System.nanoTime() - start;
    }

    /** Returns the seconds until another instance has the partitions of one that was killed. */
    private List<Double> replacements(MeasuredService service) throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int round = 0; round < settings.rounds(); round++) {
            try (MeasuredService killed = start()) {
                awaitPartitions(killed, BacklogTopic.PARTITIONS / 2);
                awaitPartitions(service, BacklogTopic.PARTITIONS / 2);
                long start = System.nanoTime();
                killed.kill();
                awaitPartitions(service, BacklogTopic.PARTITIONS);
                seconds.add((System.nanoTime() - start) / 1e9);
                Progress.print("replaced after %.1f s", seconds.getLast());
            }
        }
        return seconds;
    }

    private static void awaitPartitions(MeasuredService service, int partitions)
            throws InterruptedException {
        long end = System.nanoTime() + MAX_TIME.toNanos();
        while (service.metric("parley_partitions_assigned") != partitions) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "the partitions were not assigned:\n" + service.output());
            }
            Thread.sleep(BETWEEN_METRICS);
        }
    }

    private static List<Event> newSessions(String prefix, int sessions) {
        return Event.conversations(prefix, sessions, 0, 1, 1, Event.ordinary(7)).toList();
    }

    private static Histogram printed(String name, Histogram latencies) {
        Progress.print(
                "%s: p50 %.1f ms, p99 %.1f ms",
                name, percentile(latencies, 50), percentile(latencies, 99));
        return latencies;
    }

    private static double percentile(Histogram latencies, double percentile) {
        return latencies.getValueAtPercentile(percentile) / MILLIS;
    }

    private static List<Row> rows(
            List<Histogram> lone, Histogram others, List<Double> replacements) {
        return List.of(
                Row.of(
                        "latency.lone",
                        "from the publication of a lone turn until it is stored: p50, p99",
                        Rounds.of(lone, each -> percentile(each, 50)).figure("ms"),
                        Rounds.of(lone, each -> percentile(each, 99)).figure("ms")),
                Row.of(
                                "latency.others",
                                "the same for other sessions, while the writes of one session fail for %d seconds: p99, p50"
                                        .formatted(FAILING.toSeconds()),
                                Figure.exactly(percentile(others, 99), "ms"),
                                Figure.exactly(percentile(others, 50), "ms"))
                        .atMost(1_000),
                Row.of(
                                "latency.replacement",
                                "from \"kill -9\" of one of two instances until the other one has its partitions",
                                Rounds.of(replacements, seconds -> seconds).figure("s"))
                        .atMost(15));
    }
}
