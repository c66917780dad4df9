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
 * A long backlog in a small heap: what lives must not grow with it. It is all there before the
 * service starts, and the store takes no time.
 */
final class BacklogBenchmark {

    private static final int TURNS = 20;
    private static final int CLOSE_TOGETHER = 500;
    private static final List<Double> LOOKS = List.of(0.1, 0.5, 1.0);

    /** Less than the default: so it is full after a tenth, and what still grows is a leak. */
    private static final Map<String, String> SETTINGS =
            Map.of("parley.table.cache-bytes", "" + (2 << 20));

    private static final double MAX_GROWTH = 1.1;

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration TO_COLLECT = Duration.ofSeconds(30);

    private BacklogBenchmark() {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        int sessions = settings.records() / TURNS;
        try (StubDynamoDb stub = new StubDynamoDb();
                BacklogTopic topic = new BacklogTopic();
                GcLog log = new GcLog()) {
            topic.publish(
                    Event.conversations("b-", sessions, 0, TURNS, CLOSE_TOGETHER, Event.small(7)));
            Progress.say("%,d turns are published", sessions * TURNS);
            try (MeasuredService service =
                    MeasuredService.startOnStub(stub, topic, settings, log, SETTINGS)) {
                return drain(service, log, sessions * TURNS);
            }
        }
    }

    private static List<Row> drain(MeasuredService service, GcLog log, int records)
            throws Exception {
        List<Sample> looks = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (double look : LOOKS) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            looks.add(service.awaitSettled((long) (records * look), left).getLast());
            collect(service.pid());
            Progress.say(
                    "%,d turns: %d MB live, %s",
                    looks.getLast().settled(),
                    log.live().getLast(),
                    ProcessMemory.of(service.pid()));
        }
        return rows(service, log, records, looks.getLast().since(looks.getFirst()));
    }

    private static List<Row> rows(
            MeasuredService service, GcLog log, int records, MeasuredService.Rate rate)
            throws IOException {
        List<Integer> live = log.live();
        ProcessMemory memory = ProcessMemory.of(service.pid());
        return List.of(
                Row.of(
                                "backlog.growth",
                                "a backlog of %,d turns in a heap of 256 MB, 2 of them for known sessions: what lives after all of it, to after half"
                                        .formatted(records),
                                Figure.exactly((double) live.get(2) / live.get(1), ""))
                        .atMost(MAX_GROWTH),
                Row.of(
                        "backlog.live",
                        "of that after a tenth, half and all of it",
                        live.stream()
                                .map(megabytes -> Figure.exactly(megabytes, "MB"))
                                .toArray(Figure[]::new)),
                Row.of(
                                "backlog.pause",
                                "its longest pause (%s); all together".formatted(log.collector()),
                                Figure.exactly(log.longestPause(), "ms"),
                                Figure.exactly(log.pauses(), "ms"))
                        .atMost(1_000),
                Row.of(
                        "backlog.speed",
                        "its speed",
                        Figure.exactly(rate.perCpuSecond(), "turns by CPU second"),
                        Figure.exactly(rate.perSecond(), "turns/s")),
                Row.of(
                        "backlog.memory",
                        "its memory as the system sees it, in the end and at most",
                        Figure.exactly(memory.resident(), "MB"),
                        Figure.exactly(memory.most(), "MB")));
    }

    /** A whole collection, so that what is left is what lives. */
    static void collect(long pid) throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                "" + pid,
                                "GC.run")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!jcmd.waitFor(TO_COLLECT.toSeconds(), TimeUnit.SECONDS)) {
            jcmd.destroyForcibly();
        }
    }
}
