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
 * Measures the capacity units of a turn in a session that grows, with one ordinary turn a write, as
 * DynamoDB Local reports them. It compares Parley with a storage that keeps the whole history in
 * one item, until DynamoDB refuses that. Units are exact, so that one run is enough.
 */
public final class CostBenchmark {

    /** A session id of usual length. */
    private static final String SESSION = "web-7f3a9c1e-2b4d";

    private static final Set<Integer> LENGTHS = Set.of(20, 200, 1_500, 20_000);
    private static final int SHORTEST_LENGTH = 20;
    private static final double MAX_WRITE_UNITS = 1.7;
    private static final double MAX_READ_UNITS = 0.057;
    private static final int MIN_TURNS_IN_ONE_ITEM = 8;
    private static final int MAX_LAST_TURNS = 100;

    private CostBenchmark() {}

    /**
     * The costs of a session with a certain number of turns.
     *
     * @param mean the mean write units of a turn
     * @param last the mean of the last hundred turns, or of the last half if there are fewer than
     *     200
     * @param history the read units of the whole history, divided by the number of turns
     */
    private record Cost(double mean, double last, double history) {

        static Cost of(List<Double> units, double readAll) {
            int last = Math.min(units.size() / 2, MAX_LAST_TURNS);
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
            NavigableMap<Integer, Cost> oneItemCosts = costsAt(oneItem, LENGTHS);
            int longestInOneItem = oneItemCosts.lastKey();
            Set<Integer> lengths = new TreeSet<>(LENGTHS);
            lengths.add(longestInOneItem);
            Map<Integer, Cost> costs = costsAt(parley, lengths);
            costs.forEach((turns, cost) -> rows.addAll(rows(turns, cost, oneItemCosts.get(turns))));
            rows.add(
                    Row.of(
                            "cost.end",
                            "turns of %d characters on average that fit into one item"
                                    .formatted(Prose.MEAN_LENGTH),
                            Figure.exactly(longestInOneItem, "turns")));
            rows.add(
                    Row.of(
                            "cost.recent",
                            "reading a session with its recent turns from Parley",
                            Figure.exactly(parley.readRecent(), "read units")));
        }
        rows.add(bytes());
        rows.add(secondItem());
        return rows;
    }

    /**
     * Appends turns one by one up to the greatest length, or until the storage refuses a turn.
     * Returns the costs at each length.
     */
    private static NavigableMap<Integer, Cost> costsAt(
            SessionStorage storage, Set<Integer> lengths) {
        Prose prose = new Prose(7);
        NavigableMap<Integer, Cost> costs = new TreeMap<>();
        List<Double> units = new ArrayList<>();
        int longest = lengths.stream().mapToInt(length -> length).max().orElseThrow();
        while (units.size() < longest) {
            OptionalDouble written = storage.append(turn(prose, units.size()));
            if (written.isEmpty()) {
                costs.put(units.size(), Cost.of(units, storage.readAll()));
                return costs;
            }
            units.add(written.getAsDouble());
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
                                "write units a turn in a session of %,d turns, one turn a write"
                                        .formatted(turns),
                                cost.mean(),
                                other == null ? 0 : other.mean())
                        .atMost(turns == SHORTEST_LENGTH ? MAX_WRITE_UNITS + 0.1 : MAX_WRITE_UNITS),
                row(
                        "last." + turns,
                        "write units a turn for the last turns of that session",
                        cost.last(),
                        other == null ? 0 : other.last()),
                row(
                                "history." + turns,
                                "read units a turn for the whole history of that session",
                                cost.history(),
                                other == null ? 0 : other.history())
                        .atMost(MAX_READ_UNITS));
    }

    /**
     * @param other 0 if one item cannot store a session of that length
     */
    private static Row row(String key, String what, double parley, double other) {
        Figure units = Figure.exactly(parley, "");
        Row alone = Row.of("cost." + key, what, units);
        return other == 0
                ? alone.withMeasured(units + "; refused in one item")
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
                    .atLeast(MIN_TURNS_IN_ONE_ITEM);
        }
    }

    private static Row bytes() {
        try (ParleyStorage parley = new ParleyStorage(SESSION)) {
            costsAt(parley, Set.of(SHORTEST_LENGTH));
            return Row.of(
                    "cost.bytes",
                    "bytes that Parley stores for a turn in a session of %d turns"
                            .formatted(SHORTEST_LENGTH),
                    Figure.exactly(parley.storedBytes() / SHORTEST_LENGTH, "B"));
        }
    }
}
