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
 * What changes as sessions grow in number and in length. In number: turns of sessions that are
 * chosen at random, on a stub that answers at once. The service knows of a session what is in its
 * cache and no more, so that a session that it has forgotten is to it as one that it never saw, and
 * not each needs a turn before it counts.
 */
final class GrowthBenchmark {

    private static final List<Integer> SESSIONS = List.of(100, 1_000, 10_000, 100_000, 1_000_000);
    private static final int TURNS = 12_000;
    private static final int MOST_ROUNDS = 2;

    /** A forgotten session costs a read beside its write; the stub has no item for it. */
    private static final double FLAT_CPU = 1.5;

    private static final double FLAT_HEAP = 1.2;

    private GrowthBenchmark() {}

    /**
     * At one number of sessions.
     *
     * @param cpu microseconds of the service for a turn
     * @param reads of sessions that it didn't know, for a turn
     * @param live megabytes of its heap after a whole collection
     */
    private record Point(double cpu, double reads, double live) {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (StubDynamoDb stub = new StubDynamoDb();
                BacklogTopic topic = new BacklogTopic();
                GcLog log = new GcLog();
                MeasuredService service =
                        MeasuredService.startOnStub(stub, topic, settings, log, Map.of())) {
            Feed feed = new Feed(topic, service);
            Map<Integer, List<Point>> points = new TreeMap<>();
            for (int round = 0; !feed.isWarm(settings.warmUp()); round++) {
                var _ = feed.rate(turns(SESSIONS.getLast(), round));
            }
            for (int round = 0; round < Math.min(MOST_ROUNDS, settings.rounds()); round++) {
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
            Feed feed, MeasuredService service, GcLog log, int sessions, int seed)
            throws Exception {
        double misses = misses(service);
        Rate rate = feed.rate(turns(sessions, seed));
        double reads = (misses(service) - misses) / TURNS;
        BacklogBenchmark.collect(service.pid());
        Point point = new Point(1e6 / rate.perCpuSecond(), reads, log.live().getLast());
        Progress.say("%,d sessions: %s", sessions, point);
        return point;
    }

    /** Each turn's number is its place in this backlog: later than all that its session had. */
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

    private static double misses(MeasuredService service) throws Exception {
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
        String sessions = SESSIONS.stream().map("%,d"::formatted).collect(Collectors.joining("; "));
        List<Rounds> cpu = points.values().stream().map(at -> Rounds.of(at, Point::cpu)).toList();
        List<Rounds> live = points.values().stream().map(at -> Rounds.of(at, Point::live)).toList();
        List<Rounds> reads =
                points.values().stream().map(at -> Rounds.of(at, Point::reads)).toList();
        return List.of(
                flat("cpu", "CPU time a turn", cpu).atMost(FLAT_CPU),
                curve("cpu", sessions, cpu, "µs"),
                flat("live", "what lives in the service's heap of 256 MB", live).atMost(FLAT_HEAP),
                curve("live", sessions, live, "MB"),
                curve("reads", sessions + " sessions, reads of forgotten ones", reads, "a turn"));
    }

    /** To ten thousand sessions: with fewer, turns of one meet in a batch and are one write. */
    private static Row flat(String key, String what, List<Rounds> curve) {
        return Row.of(
                "growth.number." + key,
                "%s, turns at random of %,d sessions, to %,d; with fewer, turns share a write"
                        .formatted(what, SESSIONS.getLast(), SESSIONS.get(2)),
                Figure.exactly(curve.getLast().median() / curve.get(2).median(), ""));
    }

    private static Row curve(String key, String of, List<Rounds> curve, String unit) {
        return Row.of(
                "growth.number." + key + ".curve",
                "of that with " + of,
                curve.stream().map(each -> each.figure(unit)).toArray(Figure[]::new));
    }
}
