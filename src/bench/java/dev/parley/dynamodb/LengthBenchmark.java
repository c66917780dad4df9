package dev.parley.dynamodb;

import dev.parley.bench.CpuTime;
import dev.parley.bench.Figure;
import dev.parley.bench.Row;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import dev.parley.session.TurnQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures what a turn and a read of the newest turns cost in sessions with more and more turns.
 * The writer and the reader run in this process, and DynamoDB Local in another.
 */
public final class LengthBenchmark {

    private static final List<Integer> LENGTHS = List.of(10, 100, 1_000, 10_000, 100_000);

    /** The turns that are appended at each length, in sessions that grow by about a fifth. */
    private static final int TURNS = 360;

    /** The turns of two pages, so that sessions of each length seal their tail. */
    private static final int MIN_APPENDED = 18;

    private static final int NEWEST = 20;
    private static final int TURNS_PER_WRITE = 500;
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final double MAX_UNITS_RATIO = 1.2;
    private static final double MAX_TIME_RATIO = 1.5;

    private final LocalTable table;
    private final DynamoDbSessionWriter writer;
    private final Prose prose = new Prose(7);

    private LengthBenchmark(LocalTable table) {
        this.table = table;
        this.writer = table.writer(LocalTable.NOW);
    }

    /**
     * The figures at one length.
     *
     * @param units write units of a turn
     * @param cpu CPU time of this process for a turn, in microseconds
     * @param latency median latency of a read of the newest turns, in milliseconds
     */
    private record Point(double units, double cpu, double latency) {}

    public static List<Row> rows() {
        try (LocalTable table = LocalTable.create()) {
            LengthBenchmark benchmark = new LengthBenchmark(table);
            for (int i = 0; i < 3; i++) {
                benchmark.measure("warm-" + i + "-", 10_000);
            }
            List<Point> points =
                    LENGTHS.stream().map(length -> benchmark.measure("length-", length)).toList();
            return rows(points);
        }
    }

    private Point measure(String prefix, int length) {
        int appended = Math.min(TURNS, Math.max(MIN_APPENDED, length / 5));
        List<String> sessions =
                IntStream.range(0, TURNS / appended)
                        .mapToObj(i -> prefix + length + "-" + i)
                        .toList();
        sessions.forEach(session -> fill(session, length));
        double units = table.consumed("UpdateItem");
        CpuTime cpu = CpuTime.start();
        sessions.forEach(session -> append(session, length, appended));
        int turns = sessions.size() * appended;
        double micros = cpu.used().toNanos() / 1e3 / turns;
        return new Point(
                (table.consumed("UpdateItem") - units) / turns, micros, readLatency(sessions));
    }

    private void fill(String session, int length) {
        for (int from = 0; from < length; from += TURNS_PER_WRITE) {
            List<SessionEvent> turns = new ArrayList<>();
            for (int i = from; i < Math.min(length, from + TURNS_PER_WRITE); i++) {
                turns.add(prose.turn(session, i));
            }
            writer.apply(session, turns).await().atMost(TIMEOUT);
        }
    }

    private void append(String session, int from, int turns) {
        for (int i = from; i < from + turns; i++) {
            writer.apply(session, List.of(prose.turn(session, i))).await().atMost(TIMEOUT);
        }
    }

    private double readLatency(List<String> sessions) {
        DynamoDbSessionReader reader = table.reader(LocalTable.NOW);
        TurnQuery newest = TurnQuery.all(TurnQuery.Order.NEWEST_FIRST, NEWEST, Optional.empty());
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < TURNS; i++) {
            long start = System.nanoTime();
            reader.listTurns(sessions.get(i % sessions.size()), newest).await().atMost(TIMEOUT);
            millis.add((System.nanoTime() - start) / 1e6);
        }
        return Figure.of(millis, "ms").median();
    }

    private static List<Row> rows(List<Point> points) {
        String lengths = LENGTHS.stream().map("%,d"::formatted).collect(Collectors.joining("; "));
        return List.of(
                ratio("units", "write units a turn", points.stream().map(Point::units).toList())
                        .atMost(MAX_UNITS_RATIO),
                curve(
                        "units",
                        "write units a turn",
                        lengths,
                        points.stream().map(Point::units).toList(),
                        ""),
                ratio("cpu", "CPU time a turn", points.stream().map(Point::cpu).toList())
                        .atMost(MAX_TIME_RATIO),
                curve(
                        "cpu",
                        "CPU time a turn",
                        lengths,
                        points.stream().map(Point::cpu).toList(),
                        "µs"),
                ratio(
                                "read",
                                "latency of a read of the newest %d turns".formatted(NEWEST),
                                points.stream().map(Point::latency).toList())
                        .atMost(MAX_TIME_RATIO),
                curve(
                        "read",
                        "latency of a read of the newest %d turns".formatted(NEWEST),
                        lengths,
                        points.stream().map(Point::latency).toList(),
                        "ms"));
    }

    /**
     * Divides the figure of the longest session by that of a session of a hundred turns, which has
     * pages.
     */
    private static Row ratio(String key, String what, List<Double> curve) {
        return Row.of(
                "growth.length." + key,
                "%s in a session of %,d turns, divided by that in a session of %,d"
                        .formatted(what, LENGTHS.getLast(), LENGTHS.get(1)),
                Figure.exactly(curve.getLast() / curve.get(1), ""));
    }

    private static Row curve(
            String key, String what, String lengths, List<Double> curve, String unit) {
        return Row.of(
                "growth.length." + key + ".curve",
                "%s in sessions of %s turns".formatted(what, lengths),
                curve.stream().map(each -> Figure.exactly(each, unit)).toArray(Figure[]::new));
    }
}
