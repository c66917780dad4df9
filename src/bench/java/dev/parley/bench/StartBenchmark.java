package dev.parley.bench;

import static java.util.Objects.requireNonNull;

import dev.parley.local.ServicePackage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How soon the service is there, and what it holds: from the jar, from the jar with an AOT cache of
 * the JDK's, which a run of the same jar leaves behind, and from the native binary where one was
 * built. The store takes no time, and there is no table to look at.
 */
final class StartBenchmark {

    private static final String JAR = "the jar";
    private static final List<String> HEAP = List.of("-Xmx512m");

    /** Each is a start, a rest and a load. */
    private static final int MOST_ROUNDS = 2;

    private StartBenchmark() {}

    /** One of the ways to start it. */
    private record Way(ServicePackage made, List<String> options) {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        Path cache = Files.createTempFile("parley", ".aot");
        try (StubDynamoDb stub = new StubDynamoDb()) {
            measure(
                    new Way(ServicePackage.jar(), with("-XX:AOTCacheOutput=" + cache)),
                    stub,
                    settings);
            Map<String, Way> ways = new LinkedHashMap<>();
            ways.put(JAR, new Way(ServicePackage.jar(), HEAP));
            ways.put(
                    "the jar with an AOT cache",
                    new Way(ServicePackage.jar(), with("-XX:AOTCache=" + cache)));
            ServicePackage.binary()
                    .ifPresent(binary -> ways.put("the native binary", new Way(binary, HEAP)));
            return rows(measure(ways, stub, settings));
        } finally {
            Files.delete(cache);
        }
    }

    private static List<String> with(String option) {
        List<String> options = new ArrayList<>(HEAP);
        options.add(option);
        return options;
    }

    /** In turns, so that what else the machine does befalls all of them. */
    private static Map<String, List<StartedService>> measure(
            Map<String, Way> ways, StubDynamoDb stub, BenchSettings settings) throws Exception {
        Map<String, List<StartedService>> measured = new LinkedHashMap<>();
        for (int round = 0; round < Math.min(MOST_ROUNDS, settings.rounds()); round++) {
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                StartedService started = measure(way.getValue(), stub, settings);
                Progress.say("%s: %s", way.getKey(), started);
                measured.computeIfAbsent(way.getKey(), name -> new ArrayList<>()).add(started);
            }
        }
        return measured;
    }

    private static StartedService measure(Way way, StubDynamoDb stub, BenchSettings settings)
            throws Exception {
        try (BacklogTopic topic = new BacklogTopic()) {
            return StartedService.measure(
                    () ->
                            MeasuredService.start(
                                    way.made(), topic, settings, way.options(), stub.settings()),
                    topic);
        }
    }

    private static List<Row> rows(Map<String, List<StartedService>> measured) {
        List<Row> rows = new ArrayList<>();
        List<StartedService> jar = requireNonNull(measured.get(JAR));
        measured.forEach(
                (name, rounds) -> {
                    String key = "start." + name.replace("the ", "").replace(' ', '-');
                    if (!name.equals(JAR)) {
                        rows.add(
                                Row.of(
                                        key + ".ratio",
                                        "readiness of " + name + ", to that of the jar",
                                        Rounds.ratios(rounds, jar, StartedService::ready)
                                                .figure("")));
                    }
                    rows.add(
                            Row.of(
                                    key + ".ready",
                                    name + ": from its start to its readiness; by its own log",
                                    of(rounds, StartedService::ready, "s"),
                                    of(rounds, StartedService::started, "s")));
                    rows.add(
                            Row.of(
                                    key + ".memory",
                                    "its memory at rest; after 15 seconds of 1,000 turns/s; CPU then",
                                    of(rounds, StartedService::atRest, "MB"),
                                    of(rounds, StartedService::underLoad, "MB"),
                                    of(rounds, StartedService::cpu, "cores")));
                });
        return rows;
    }

    private static Figure of(
            List<StartedService> rounds, ToDoubleFunction<StartedService> figure, String unit) {
        return Rounds.of(rounds, figure).figure(unit);
    }
}
