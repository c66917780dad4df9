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
 * Measures and prints a table: {@code ./mvnw -Pbench}, or some rows of it with {@code
 * -Dparley.bench=stub,backlog}. Absolute figures differ by machine; the goals are ratios, and CPU
 * rather than time where the machine may have other things to do.
 */
final class Benchmarks {

    private static final Path FOLDER = Path.of("target", "bench");

    private Benchmarks() {}

    /** Measures some rows. */
    @FunctionalInterface
    private interface Benchmark {
        List<Row> run(BenchSettings settings) throws Exception;
    }

    private static final Map<String, Benchmark> ALL = all();

    private static Map<String, Benchmark> all() {
        Map<String, Benchmark> all = new LinkedHashMap<>();
        all.put("plan", settings -> PlanBenchmark.rows(settings.rounds()));
        all.put("sessions", SessionsBenchmark::rows);
        all.put("catchup", CatchUpBenchmark::rows);
        all.put("cost", settings -> CostBenchmark.rows());
        all.put("reads", ReadsBenchmark::rows);
        all.put("events", EventsBenchmark::rows);
        all.put("stub", StubBenchmark::rows);
        all.put("backlog", BacklogBenchmark::rows);
        all.put("growth", GrowthBenchmark::rows);
        all.put("start", StartBenchmark::rows);
        return all;
    }

    /** Ends whatever comes: threads that nobody ends would keep a run alive that has failed. */
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
        if (AtScale.isIn(report)) {
            System.out.println(AtScale.of(report).markdown());
        }
        if (Boolean.getBoolean("parley.bench.publish")) {
            Published.write(report);
        }
    }

    /** Measures what is wanted, and completes the report in that folder, group by group. */
    static Report run(BenchSettings settings, Path folder) throws Exception {
        Path json = folder.resolve("bench.json");
        Report report = Report.read(json);
        for (Map.Entry<String, Benchmark> each : ALL.entrySet()) {
            if (settings.wants(each.getKey())) {
                Progress.say("== %s", each.getKey());
                Measured measured = measure(each.getValue(), settings);
                report = report.with(each.getKey(), measured, ALL.keySet());
                report.write(json);
                Files.writeString(folder.resolve("bench.md"), report.markdown());
            }
        }
        return report;
    }

    private static Measured measure(Benchmark benchmark, BenchSettings settings) throws Exception {
        Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        double load = Machine.load();
        return new Measured(
                at,
                Commit.current(),
                load,
                settings.warmUp().toSeconds(),
                settings.rounds(),
                benchmark.run(settings));
    }
}
