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
 * What a turn and a look at the newest ones take in sessions of ever more turns: rows of {@code
 * ./mvnw -Pbench}. Writer and reader run in this process, on DynamoDB Local in another.
 */
public final class LengthBenchmark {

    private static final List<Integer> LENGTHS = List.of(10, 100, 1_000, 10_000, 100_000);

    /** What is measured at a length: so many turns more, in sessions that grow by a fifth or so. */
    private static final int TURNS = 360;

    /** Two pages of turns, so that all lengths have sealed alike. */
    private static final int FEWEST_APPENDED = 18;

    private static final int NEWEST = 20;
    private static final int AT_ONCE = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final double FLAT_UNITS = 1.2;
    private static final double FLAT_TIME = 1.5;

    private final LocalTable table;
    private final DynamoDbSessionWriter writer;
    private final Prose prose = new Prose(7);

    private LengthBenchmark(LocalTable table) {
        this.table = table;
        this.writer = table.writer(LocalTable.NOW);
    }

    /**
     * At one length.
     *
     * @param units written for a turn
     * @param cpu microseconds of this process for a turn
     * @param latency milliseconds of a read of the newest turns, the median
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
        int appended = Math.min(TURNS, Math.max(FEWEST_APPENDED, length / 5));
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
        return new Point((table.consumed("UpdateItem") - units) / turns, micros, reads(sessions));
    }

    private void fill(String session, int length) {
        for (int from = 0; from < length; from += AT_ONCE) {
            List<SessionEvent> turns = new ArrayList<>();
            for (int i = from; i < Math.min(length, from + AT_ONCE); i++) {
                turns.add(prose.turn(session, i));
            }
            writer.apply(session, turns).await().atMost(PATIENCE);
        }
    }

    private void append(String session, int from, int turns) {
        for (int i = from; i < from + turns; i++) {
            writer.apply(session, List.of(prose.turn(session, i))).await().atMost(PATIENCE);
        }
    }

    private double reads(List<String> sessions) {
        DynamoDbSessionReader reader = table.reader(LocalTable.NOW);
        TurnQuery newest = TurnQuery.all(TurnQuery.Order.NEWEST_FIRST, NEWEST, Optional.empty());
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < TURNS; i++) {
            long start = System.nanoTime();
            reader.listTurns(sessions.get(i % sessions.size()), newest).await().atMost(PATIENCE);
            millis.add((System.nanoTime() - start) / 1e6);
        }
        return Figure.of(millis, "ms").median();
    }

    private static List<Row> rows(List<Point> points) {
        String lengths = LENGTHS.stream().map("%,d"::formatted).collect(Collectors.joining("; "));
        return List.of(
                flat("units", "write units a turn", points.stream().map(Point::units).toList())
                        .atMost(FLAT_UNITS),
                curve("units", lengths, points.stream().map(Point::units).toList(), ""),
                flat("cpu", "CPU time a turn", points.stream().map(Point::cpu).toList())
                        .atMost(FLAT_TIME),
                curve("cpu", lengths, points.stream().map(Point::cpu).toList(), "µs"),
                flat(
                                "read",
                                "latency of a read of the newest %d turns".formatted(NEWEST),
                                points.stream().map(Point::latency).toList())
                        .atMost(FLAT_TIME),
                curve("read", lengths, points.stream().map(Point::latency).toList(), "ms"));
    }

    /** The longest session's as a multiple of that of a hundred turns, which has pages too. */
    private static Row flat(String key, String what, List<Double> curve) {
        return Row.of(
                "growth.length." + key,
                "%s in a session of %,d turns, to one of %,d"
                        .formatted(what, LENGTHS.getLast(), LENGTHS.get(1)),
                Figure.exactly(curve.getLast() / curve.get(1), ""));
    }

    private static Row curve(String key, String lengths, List<Double> curve, String unit) {
        return Row.of(
                "growth.length." + key + ".curve",
                "of that with " + lengths + " turns",
                curve.stream().map(each -> Figure.exactly(each, unit)).toArray(Figure[]::new));
    }
}
