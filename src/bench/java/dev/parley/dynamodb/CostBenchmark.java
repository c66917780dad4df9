package dev.parley.dynamodb;

import dev.parley.bench.Figure;
import dev.parley.bench.Row;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent.TurnRecorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a turn costs in a session that grows, in capacity units as DynamoDB Local tells them, one
 * ordinary turn a write: Parley's, and the whole history in one item until that is refused. Units
 * are exact, so one run will do.
 */
public final class CostBenchmark {

    /** Session ids of many platforms are as long. */
    private static final String SESSION = "web-7f3a9c1e-2b4d";

    private static final Set<Integer> LENGTHS = Set.of(20, 200, 1_500, 20_000);
    private static final int SHORTEST = 20;
    private static final double MAX_WRITE_UNITS = 2.3;
    private static final double MAX_READ_UNITS = 0.055;
    private static final int LEAST_IN_ONE_ITEM = 8;
    private static final int LAST = 100;

    private CostBenchmark() {}

    /**
     * Where a session stands at one length.
     *
     * @param mean write units of a turn so far
     * @param last the same over the last hundred turns, or the last half where they are fewer
     * @param history read units of the whole history, by turn
     */
    private record Cost(double mean, double last, double history) {

        static Cost of(List<Double> units, double readAll) {
            int last = Math.min(units.size() / 2, LAST);
            return new Cost(
                    mean(units),
                    mean(units.subList(units.size() - last, units.size())),
                    readAll / units.size());
        }

        private static double mean(List<Double> units) {
            return units.stream().mapToDouble(each -> each).average().orElseThrow();
        }
    }

    public static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        try (OneItemStorage oneItem = new OneItemStorage();
                ParleyStorage parley = new ParleyStorage(SESSION)) {
            NavigableMap<Integer, Cost> others = course(oneItem, LENGTHS);
            int end = others.lastKey();
            Set<Integer> lengths = new TreeSet<>(LENGTHS);
            lengths.add(end);
            Map<Integer, Cost> costs = course(parley, lengths);
            costs.forEach((turns, cost) -> rows.addAll(rows(turns, cost, others.get(turns))));
            rows.add(
                    Row.of(
                            "cost.end",
                            "turns of %d characters on average that one item takes"
                                    .formatted(Prose.MEAN_LENGTH),
                            Figure.exactly(end, "turns")));
            rows.add(
                    Row.of(
                            "cost.recent",
                            "a session with its recent turns, read from Parley",
                            Figure.exactly(parley.readRecent(), "read units")));
        }
        rows.add(bytes());
        rows.add(secondItem());
        return rows;
    }

    /** The session turn by turn until the greatest length, or until no further one is taken. */
    private static NavigableMap<Integer, Cost> course(
            SessionStorage storage, Set<Integer> lengths) {
        Prose prose = new Prose(7);
        NavigableMap<Integer, Cost> costs = new TreeMap<>();
        List<Double> units = new ArrayList<>();
        int longest = lengths.stream().mapToInt(length -> length).max().orElseThrow();
        while (units.size() < longest) {
            OptionalDouble spent = storage.append(turn(prose, units.size()));
            if (spent.isEmpty()) {
                costs.put(units.size(), Cost.of(units, storage.readAll()));
                return costs;
            }
            units.add(spent.getAsDouble());
            if (lengths.contains(units.size())) {
                costs.put(units.size(), Cost.of(units, storage.readAll()));
            }
        }
        return costs;
    }

    private static TurnRecorded turn(Prose prose, int number) {
        return (TurnRecorded) prose.turn(SESSION, number);
    }

    private static List<Row> rows(int turns, Cost cost, @Nullable Cost other) {
        return List.of(
                row(
                                "write." + turns,
                                "a session of %,d turns, one turn a write: write units a turn"
                                        .formatted(turns),
                                cost.mean(),
                                other == null ? 0 : other.mean())
                        .atMost(MAX_WRITE_UNITS),
                row(
                        "last." + turns,
                        "the same of its last turns",
                        cost.last(),
                        other == null ? 0 : other.last()),
                row(
                                "history." + turns,
                                "read units a turn for its whole history",
                                cost.history(),
                                other == null ? 0 : other.history())
                        .atMost(MAX_READ_UNITS));
    }

    /**
     * @param other 0 where there is none
     */
    private static Row row(String key, String what, double parley, double other) {
        Figure units = Figure.exactly(parley, "");
        Row alone = Row.of("cost." + key, what, units);
        return other == 0
                ? alone.saying(units + "; refused in one item")
                : Row.of(
                        "cost." + key,
                        what,
                        units,
                        Figure.exactly(other, "in one item"),
                        Figure.exactly(other / parley, "times as much"));
    }

    private static Row secondItem() {
        try (ParleyStorage parley = new ParleyStorage(SESSION)) {
            Prose prose = new Prose(7);
            int turns = 0;
            do {
                parley.append(turn(prose, turns));
                turns++;
            } while (!parley.hasSecondItem());
            return Row.of(
                            "cost.second",
                            "turns that a session reaches before it needs a second item",
                            Figure.exactly((double) turns - 1, "turns"))
                    .atLeast(LEAST_IN_ONE_ITEM);
        }
    }

    private static Row bytes() {
        try (ParleyStorage parley = new ParleyStorage(SESSION)) {
            course(parley, Set.of(SHORTEST));
            return Row.of(
                    "cost.bytes",
                    "stored by Parley for a turn of a session of %d turns".formatted(SHORTEST),
                    Figure.exactly(parley.storedBytes() / SHORTEST, "B"));
        }
    }
}
