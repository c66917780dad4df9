package dev.parley.bench;

import dev.parley.dynamodb.PlanBenchmark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures and prints a table: {@code ./mvnw -Pbench}, or some rows of it with {@code
 * -Dparley.bench=stub,backlog}. Absolute figures differ by machine; the goals are ratios, and CPU
 * rather than time where the machine may have other things to do.
 */
final class Benchmarks {

    private Benchmarks() {}

    /** Measures some rows. */
    @FunctionalInterface
    private interface Benchmark {
        List<Row> run(BenchSettings settings) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        BenchSettings settings = BenchSettings.read();
        Map<String, Benchmark> all = new LinkedHashMap<>();
        all.put("plan", ignored -> PlanBenchmark.rows());
        all.put("sessions", SessionsBenchmark::rows);
        all.put("catchup", CatchUpBenchmark::rows);
        all.put("reads", ReadsBenchmark::rows);
        all.put("stub", StubBenchmark::rows);
        all.put("backlog", BacklogBenchmark::rows);
        all.put("start", StartBenchmark::rows);
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<String, Benchmark> each : all.entrySet()) {
            if (settings.rows().contains(each.getKey())) {
                Progress.say("== %s", each.getKey());
                rows.addAll(each.getValue().run(settings));
            }
        }
        System.out.printf(
                "%nJDK %s, %d cores; medians of rounds after %d s of CPU time for warm-up, extremes in brackets.%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                settings.warmUp().toSeconds());
        System.out.printf("%n| | measured | goal |%n|---|---|---|%n");
        rows.forEach(row -> System.out.println(row.markdown()));
        System.exit(0);
    }
}
