package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import dev.parley.dynamodb.LengthBenchmark;
import dev.parley.support.Metrics;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Measures what changes as sessions grow in number and in length. To measure the number, it
 * publishes turns of sessions that are chosen at random, on a stub that answers at once. The
 * service knows only the sessions in its cache. A session that is not in the cache costs the same
 * as a new one, so that the sessions need not exist before the measurement.
 */
final class GrowthBenchmark {

    private static final List<Integer> SESSIONS = List.of(100, 1_000, 10_000, 100_000, 1_000_000);
    private static final int TURNS = 12_000;
    private static final int MAX_ROUNDS = 2;

    /** A session that is not in the cache costs a read and a write; the stub has no item for it. */
    private static final double MAX_CPU_RATIO = 1.5;

    private static final double MAX_HEAP_RATIO = 1.2;

    private GrowthBenchmark() {}

    /**
     * The figures with one number of sessions.
     *
     * @param cpu CPU time of the service for a turn, in microseconds
     * @param reads reads of sessions that are not in the cache, for each turn
     * @param live live heap of the service in MB, after a full collection
     */
    private record Point(double cpu, double reads, double live) {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (StubDynamoDb stub = new StubDynamoDb();
                BacklogTopic topic = new BacklogTopic();
                GcLog log = new GcLog();
                MeasuredService service =
                        MeasuredService.startOnStub(stub, topic, settings, log, Map.of())) {
            BacklogFeeder feed = new BacklogFeeder(topic, service);
            Map<Integer, List<Point>> points = new TreeMap<>();
            for (int round = 0; !feed.isWarm(settings.warmUp()); round++) {
                var _ = feed.measure(turns(SESSIONS.getLast(), round));
            }
            for (int round = 0; round < Math.min(MAX_ROUNDS, settings.rounds()); round++) {
                for (int sessions : SESSIONS) {
                    points.computeIfAbsent(sessions, none -> new ArrayList<>())
                            .add(measure(feed, service, log, sessions, 100 + round));
                }
            }
            rows.addAll(rows(points));
        }
        rows.addAll(LengthBenchmark.rows());
        return rows;
    }

    private static Point measure(
            BacklogFeeder feed, MeasuredService service, GcLog log, int sessions, int seed)
            throws Exception {
        double cacheMisses = cacheMisses(service);
        Rate rate = feed.measure(turns(sessions, seed));
        double reads = (cacheMisses(service) - cacheMisses) / TURNS;
        BacklogBenchmark.collectGarbage(service.pid());
        Point point = new Point(1e6 / rate.perCpuSecond(), reads, log.live().getLast());
        Progress.print("%,d sessions: %s", sessions, point);
        return point;
    }

    /**
     * Returns the turns of one backlog. Their numbers rise over all backlogs, so that each turn is
     * later than the earlier turns of its session.
     */
    private static List<Event> turns(int sessions, int seed) {
        Random random = new Random(seed);
        Event.Turns ordinary = Event.ordinary(seed);
        List<Event> turns = new ArrayList<>(TURNS);
        for (int i = 0; i < TURNS; i++) {
            String session = "of-" + sessions + "-" + random.nextInt(sessions);
            turns.add(Event.of(ordinary.turn(session, seed * TURNS + i)));
        }
        return turns;
    }

    private static double cacheMisses(MeasuredService service) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String metrics =
                    client.send(
                                    HttpRequest.newBuilder(service.uri("/q/metrics")).build(),
                                    BodyHandlers.ofString())
                            .body();
            return Metrics.of(metrics).value("parley_head_cache_gets_total{result=\"miss\"}");
        }
    }

    private static List<Row> rows(Map<Integer, List<Point>> points) {
        String sessions =
                SESSIONS.stream()
                        .map("%,d"::formatted)
                        .collect(Collectors.joining("; ", "", " sessions"));
        List<Rounds> cpu = points.values().stream().map(at -> Rounds.of(at, Point::cpu)).toList();
        List<Rounds> live = points.values().stream().map(at -> Rounds.of(at, Point::live)).toList();
        List<Rounds> reads =
                points.values().stream().map(at -> Rounds.of(at, Point::reads)).toList();
        return List.of(
                ratio("cpu", "CPU time a turn", cpu).atMost(MAX_CPU_RATIO),
                curve("cpu", "CPU time a turn with " + sessions, cpu, "µs"),
                ratio("live", "live heap of the service (limit 256 MB)", live)
                        .atMost(MAX_HEAP_RATIO),
                curve("live", "live heap with " + sessions, live, "MB"),
                curve(
                        "reads",
                        "reads of sessions that are not in the cache, with " + sessions,
                        reads,
                        "a turn"));
    }

    /**
     * Compares with ten thousand sessions. With fewer, several turns of a session are in the same
     * batch and share a write.
     */
    private static Row ratio(String key, String what, List<Rounds> curve) {
        return Row.of(
                "growth.number." + key,
                "%s with turns of %,d sessions at random, divided by that with %,d sessions; with fewer sessions, turns share a write"
                        .formatted(what, SESSIONS.getLast(), SESSIONS.get(2)),
                Figure.exactly(curve.getLast().median() / curve.get(2).median(), ""));
    }

    private static Row curve(String key, String what, List<Rounds> curve, String unit) {
        return Row.of(
                "growth.number." + key + ".curve",
                what,
                curve.stream().map(each -> each.figure(unit)).toArray(Figure[]::new));
    }
}
