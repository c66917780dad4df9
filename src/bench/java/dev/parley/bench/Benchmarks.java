package dev.parley.bench;

import dev.parley.dynamodb.CostBenchmark;
import dev.parley.dynamodb.PlanBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures and prints a table: {@code ./mvnw -Pbench}, or some groups of its rows with {@code
 * -Dparley.bench=stub,backlog}. Absolute figures differ between machines. So the goals are mostly
 * ratios, and CPU time instead of elapsed time where other processes could disturb the measurement.
 */
final class Benchmarks {

    private static final Path FOLDER = Path.of("target", "bench");

    private Benchmarks() {}

    /** Measures one group of rows. */
    @FunctionalInterface
    private interface Benchmark {
        List<Row> run(BenchSettings settings) throws Exception;
    }

    private static final Map<String, Benchmark> BENCHMARKS = benchmarks();

    private static Map<String, Benchmark> benchmarks() {
        Map<String, Benchmark> benchmarks = new LinkedHashMap<>();
        benchmarks.put("plan", settings -> PlanBenchmark.rows(settings.rounds()));
        benchmarks.put("sessions", SessionsBenchmark::rows);
        benchmarks.put("catchup", CatchUpBenchmark::rows);
        benchmarks.put("cost", settings -> CostBenchmark.rows());
        benchmarks.put("reads", ReadsBenchmark::rows);
        benchmarks.put("events", EventsBenchmark::rows);
        benchmarks.put("latency", LatencyBenchmark::rows);
        benchmarks.put("stub", StubBenchmark::rows);
        benchmarks.put("backlog", BacklogBenchmark::rows);
        benchmarks.put("growth", GrowthBenchmark::rows);
        benchmarks.put("start", StartBenchmark::rows);
        benchmarks.put("first", FirstSecondsBenchmark::rows);
        return benchmarks;
    }

    /**
     * Runs the benchmarks and ends the JVM explicitly. Otherwise threads that are still running
     * would keep a failed run alive.
     */
    public static void main(String[] arguments) {
        try {
            measure();
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void measure() throws Exception {
        Report report = run(BenchSettings.read(), FOLDER);
        System.out.println(report.markdown());
        if (CapacityEstimate.canBeMadeFrom(report)) {
            System.out.println(CapacityEstimate.of(report).markdown());
        }
        if (Boolean.getBoolean("parley.bench.publish")) {
            PublishedFigures.write(report);
        }
    }

    /** Measures the configured groups, and adds them to the report in the folder one by one. */
    static Report run(BenchSettings settings, Path folder) throws Exception {
        Path json = folder.resolve("bench.json");
        Report report = Report.read(json);
        for (Map.Entry<String, Benchmark> each : BENCHMARKS.entrySet()) {
            if (settings.includes(each.getKey())) {
                Progress.print("== %s", each.getKey());
                MeasuredGroup measured = measure(each.getValue(), settings);
                report = report.with(each.getKey(), measured, BENCHMARKS.keySet());
                report.write(json);
                Files.writeString(folder.resolve("bench.md"), report.markdown());
            }
        }
        return report;
    }

    private static MeasuredGroup measure(Benchmark benchmark, BenchSettings settings)
            throws Exception {
        Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        double load = Machine.load();
        return new MeasuredGroup(
                at,
                Commit.current(),
                load,
                settings.warmUp().toSeconds(),
                settings.rounds(),
                benchmark.run(settings));
    }
}
