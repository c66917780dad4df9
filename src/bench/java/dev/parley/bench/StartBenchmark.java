package dev.parley.bench;

import static java.util.Objects.requireNonNull;

import dev.parley.local.AotTraining;
import dev.parley.local.ServicePackage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Measures how fast the service starts, and how much memory it needs: from the jar, from the jar
 * with the AOT cache of {@link AotTraining}, and from the native binary if there is one. The store
 * is a stub that answers at once, and the service does not verify the table.
 */
final class StartBenchmark {

    private static final String JAR = "the jar";
    private static final List<String> HEAP = List.of("-Xmx512m");

    /** Each round takes long: it is a start, a time at rest and a load. */
    private static final int MAX_ROUNDS = 2;

    private StartBenchmark() {}

    /** One of the ways to start the service. */
    private record StartMode(ServicePackage servicePackage, List<String> options) {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        Path cache = Files.createTempFile("parley", ".aot");
        try (StubDynamoDb stub = new StubDynamoDb()) {
            AotTraining.train(ServicePackage.jar(), cache);
            Map<String, StartMode> modes = new LinkedHashMap<>();
            modes.put(JAR, new StartMode(ServicePackage.jar(), HEAP));
            modes.put(
                    "the jar with an AOT cache",
                    new StartMode(ServicePackage.jar(), heapAnd("-XX:AOTCache=" + cache)));
            ServicePackage.binary()
                    .ifPresent(
                            binary -> modes.put("the native binary", new StartMode(binary, HEAP)));
            return rows(measure(modes, stub, settings));
        } finally {
            Files.delete(cache);
        }
    }

    private static List<String> heapAnd(String option) {
        List<String> options = new ArrayList<>(HEAP);
        options.add(option);
        return options;
    }

    /**
     * Measures the modes alternately, so that other processes on the machine disturb all of them.
     */
    private static Map<String, List<StartFigures>> measure(
            Map<String, StartMode> modes, StubDynamoDb stub, BenchSettings settings)
            throws Exception {
        Map<String, List<StartFigures>> measured = new LinkedHashMap<>();
        for (int round = 0; round < Math.min(MAX_ROUNDS, settings.rounds()); round++) {
            for (Map.Entry<String, StartMode> mode : modes.entrySet()) {
                StartFigures started = measure(mode.getValue(), stub, settings);
                Progress.print("%s: %s", mode.getKey(), started);
                measured.computeIfAbsent(mode.getKey(), name -> new ArrayList<>()).add(started);
            }
        }
        return measured;
    }

    private static StartFigures measure(StartMode mode, StubDynamoDb stub, BenchSettings settings)
            throws Exception {
        try (BacklogTopic topic = new BacklogTopic()) {
            return StartFigures.measure(
                    () ->
                            MeasuredService.start(
                                    mode.servicePackage(),
                                    topic,
                                    settings,
                                    mode.options(),
                                    stub.settings()),
                    topic);
        }
    }

    private static List<Row> rows(Map<String, List<StartFigures>> measured) {
        List<Row> rows = new ArrayList<>();
        List<StartFigures> jar = requireNonNull(measured.get(JAR));
        measured.forEach(
                (name, rounds) -> {
                    String key = "start." + name.replace("the ", "").replace(' ', '-');
                    if (!name.equals(JAR)) {
                        rows.add(
                                Row.of(
                                        key + ".ratio",
                                        "time to readiness of "
                                                + name
                                                + ", divided by that of the jar",
                                        Rounds.ratios(rounds, jar, StartFigures::ready)
                                                .figure("")));
                    }
                    rows.add(
                            Row.of(
                                    key + ".ready",
                                    name
                                            + ": time from its start to readiness; start time in its own log",
                                    figure(rounds, StartFigures::ready, "s"),
                                    figure(rounds, StartFigures::started, "s")));
                    rows.add(
                            Row.of(
                                    key + ".memory",
                                    "its memory at rest; after 15 seconds with 1,000 turns/s; its CPU use in these seconds",
                                    figure(rounds, StartFigures::atRest, "MB"),
                                    figure(rounds, StartFigures::underLoad, "MB"),
                                    figure(rounds, StartFigures::cpu, "cores")));
                });
        return rows;
    }

    private static Figure figure(
            List<StartFigures> rounds, ToDoubleFunction<StartFigures> value, String unit) {
        return Rounds.of(rounds, value).figure(unit);
    }
}
