package dev.parley.bench;

import dev.parley.bench.MeasuredService.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures the service with a long backlog in a small heap: the live heap must not grow with the
 * number of records. All of the backlog is published before the service starts, and the store is a
 * stub that answers at once.
 */
final class BacklogBenchmark {

    private static final int TURNS = 20;
    private static final int SESSIONS_TOGETHER = 500;
    private static final List<Double> CHECKPOINTS = List.of(0.1, 0.5, 1.0);

    /**
     * The cache is smaller than by default, so that it is full after a tenth of the backlog. If the
     * live heap still grows after that, there is a leak.
     */
    private static final Map<String, String> SERVICE_SETTINGS =
            Map.of("parley.table.cache-bytes", "" + (2 << 20));

    private static final double MAX_GROWTH = 1.1;

    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final Duration GC_TIMEOUT = Duration.ofSeconds(30);

    private BacklogBenchmark() {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        int sessions = settings.records() / TURNS;
        try (StubDynamoDb stub = new StubDynamoDb();
                BacklogTopic topic = new BacklogTopic();
                GcLog log = new GcLog()) {
            topic.publish(
                    Event.conversations(
                            "b-", sessions, 0, TURNS, SESSIONS_TOGETHER, Event.small(7)));
            Progress.print("%,d turns are published", sessions * TURNS);
            try (MeasuredService service =
                    MeasuredService.startOnStub(stub, topic, settings, log, SERVICE_SETTINGS)) {
                return drain(service, log, sessions * TURNS);
            }
        }
    }

    private static List<Row> drain(MeasuredService service, GcLog log, int records)
            throws Exception {
        List<Sample> samples = new ArrayList<>();
        long end = System.nanoTime() + TIMEOUT.toNanos();
        for (double checkpoint : CHECKPOINTS) {
            Duration remaining = Duration.ofNanos(end - System.nanoTime());
            samples.add(service.awaitSettled((long) (records * checkpoint), remaining).getLast());
            collectGarbage(service.pid());
            Progress.print(
                    "%,d turns: %d MB live, %s",
                    samples.getLast().settled(),
                    log.live().getLast(),
                    ProcessMemory.of(service.pid()));
        }
        return rows(service, log, records, samples.getLast().since(samples.getFirst()));
    }

    private static List<Row> rows(
            MeasuredService service, GcLog log, int records, MeasuredService.Rate rate)
            throws IOException {
        List<Integer> live = log.live();
        ProcessMemory memory = ProcessMemory.of(service.pid());
        return List.of(
                Row.of(
                                "backlog.growth",
                                "live heap after a backlog of %,d turns, divided by that after half of it; in a heap of 256 MB with 2 MB for the cache of heads"
                                        .formatted(records),
                                Figure.exactly((double) live.get(2) / live.get(1), ""))
                        .atMost(MAX_GROWTH),
                Row.of(
                        "backlog.live",
                        "live heap after a tenth, half and all of the backlog",
                        live.stream()
                                .map(megabytes -> Figure.exactly(megabytes, "MB"))
                                .toArray(Figure[]::new)),
                Row.of(
                                "backlog.pause",
                                "longest pause of the garbage collector (%s); all pauses together"
                                        .formatted(log.collector()),
                                Figure.exactly(log.longestPause(), "ms"),
                                Figure.exactly(log.totalPauses(), "ms"))
                        .atMost(1_000),
                Row.of(
                        "backlog.speed",
                        "throughput",
                        Figure.exactly(rate.perCpuSecond(), "turns per CPU second"),
                        Figure.exactly(rate.perSecond(), "turns/s")),
                Row.of(
                        "backlog.memory",
                        "resident memory of the process at the end; at most",
                        Figure.exactly(memory.resident(), "MB"),
                        Figure.exactly(memory.most(), "MB")));
    }

    /** Runs a full garbage collection, so that only live objects remain in the heap. */
    static void collectGarbage(long pid) throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                "" + pid,
                                "GC.run")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!jcmd.waitFor(GC_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            jcmd.destroyForcibly();
        }
    }
}
