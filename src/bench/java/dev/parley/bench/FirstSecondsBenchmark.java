package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import dev.parley.bench.MeasuredService.Sample;
import dev.parley.local.AotTraining;
import dev.parley.local.ServicePackage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Measures how many turns the service stores in its first seconds, while the JIT compilers still
 * have much to do, and how many once it is warm: with the AOT cache of {@link AotTraining}, and
 * without. Each turn is of a new session, and they wait in Kafka when the service starts.
 */
final class FirstSecondsBenchmark {

    private static final Duration FIRST = Duration.ofSeconds(30);

    /** More turns than the service stores in its first seconds. */
    private static final int BACKLOG = 60_000;

    private static final int WARM_BACKLOG = 10_000;
    private static final int MAX_ROUNDS = 2;

    private FirstSecondsBenchmark() {}

    /** The turns that the service stored in a second: since its process started, and when warm. */
    private record Rates(double first, double warm) {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        Path cache = Files.createTempFile("parley", ".aot");
        try {
            AotTraining.train(ServicePackage.jar(), cache);
            Map<String, List<String>> modes = new LinkedHashMap<>();
            modes.put("with the AOT cache", List.of("-XX:AOTCache=" + cache));
            modes.put("without it", List.of());
            Map<String, List<Rates>> measured = new LinkedHashMap<>();
            for (int round = 0; round < Math.min(MAX_ROUNDS, settings.rounds()); round++) {
                for (Map.Entry<String, List<String>> mode : modes.entrySet()) {
                    Rates rates = measure(mode.getValue(), settings);
                    Progress.print(
                            "%s: %,.0f turns/s at first, %,.0f turns/s when warm",
                            mode.getKey(), rates.first(), rates.warm());
                    measured.computeIfAbsent(mode.getKey(), name -> new ArrayList<>()).add(rates);
                }
            }
            return rows(measured);
        } finally {
            Files.delete(cache);
        }
    }

    private static Rates measure(List<String> options, BenchSettings settings) throws Exception {
        List<String> jvm = new ArrayList<>(options);
        jvm.add("-Xmx512m");
        try (BacklogTopic topic = new BacklogTopic()) {
            topic.publish(newSessions("first-", BACKLOG));
            long start = System.nanoTime();
            try (MeasuredService service =
                    MeasuredService.start(
                            topic,
                            settings,
                            jvm,
                            Map.of(
                                    "parley.table.name",
                                    "bench-" + UUID.randomUUID(),
                                    "parley.table.mode",
                                    "create"))) {
                Thread.sleep(FIRST.minusNanos(System.nanoTime() - start));
                Sample first = service.sample();
                double perSecond = first.settled() / ((first.nanos() - start) / 1e9);
                service.awaitSettled(BACKLOG, Duration.ofMinutes(10));
                return new Rates(
                        perSecond,
                        warm(new BacklogFeeder(topic, service, BACKLOG), settings).perSecond());
            }
        }
    }

    private static Rate warm(BacklogFeeder feed, BenchSettings settings)
            throws InterruptedException {
        Rate rate;
        int round = 0;
        do {
            rate = feed.measure(newSessions("warm-" + round++ + "-", WARM_BACKLOG).toList());
        } while (!feed.isWarm(settings.warmUp()));
        return rate;
    }

    private static Stream<Event> newSessions(String name, int sessions) {
        return Event.conversations(name, sessions, 0, 1, 1, Event.ordinary(7));
    }

    private static List<Row> rows(Map<String, List<Rates>> measured) {
        List<Row> rows = new ArrayList<>();
        measured.forEach(
                (mode, rates) -> {
                    String key = "first." + mode.replace(' ', '-');
                    Row ratio =
                            Row.of(
                                    key + ".ratio",
                                    "turns that are stored in the first %d seconds after the start of the process %s, divided by those when warm"
                                            .formatted(FIRST.toSeconds(), mode),
                                    Rounds.of(rates, each -> each.first() / each.warm())
                                            .figure(""));
                    rows.add(rows.isEmpty() ? ratio.atLeast(0.6) : ratio);
                    rows.add(
                            Row.of(
                                    key + ".rates",
                                    "the turns in the first seconds; when warm",
                                    Rounds.of(rates, Rates::first).figure("turns/s"),
                                    Rounds.of(rates, Rates::warm).figure("turns/s")));
                });
        return rows;
    }
}
