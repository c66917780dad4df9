package dev.parley.bench;

import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.local.ServicePackage;
import dev.parley.local.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The packaged service in its own process, with its counters and its CPU time under watch. */
final class MeasuredService implements AutoCloseable {

    private static final Path POD_SETTINGS = Path.of("k8s", "base", "parley.env");
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");

    /** Each is a look at all metrics, which takes milliseconds of CPU. */
    private static final Duration BETWEEN_SAMPLES = Duration.ofMillis(500);

    /** One that leaves an AOT cache makes it then. */
    private static final Duration TO_END = Duration.ofMinutes(2);

    private final ServiceProcess process;
    private final CpuTime cpu;
    private final Thread atExit;

    private MeasuredService(ServiceProcess process) {
        this.process = process;
        this.cpu = CpuTime.of(process.handle());
        this.atExit = new Thread(process::close);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts it on a topic.
     *
     * @param own configuration beyond what the run is told
     */
    static MeasuredService start(
            BacklogTopic topic, BenchSettings settings, List<String> jvm, Map<String, String> own) {
        return start(ServicePackage.jar(), topic, settings, jvm, own);
    }

    /** The same, of that package. */
    static MeasuredService start(
            ServicePackage made,
            BacklogTopic topic,
            BenchSettings settings,
            List<String> jvm,
            Map<String, String> own) {
        Map<String, String> all = new HashMap<>(topic.settings());
        all.put("parley.table.retention", "36500d");
        all.putAll(own);
        all.putAll(settings.service());
        List<String> options = new ArrayList<>(jvm);
        options.addAll(settings.jvm());
        if (options.stream().noneMatch(COLLECTOR.asMatchPredicate())) {
            options.add(deployedCollector());
        }
        return new MeasuredService(
                ServiceProcess.start(made, LocalInfrastructureProcess.shared(), all, options));
    }

    /** The garbage collector that pods have. */
    private static String deployedCollector() {
        try {
            return COLLECTOR
                    .matcher(Files.readString(POD_SETTINGS))
                    .results()
                    .map(MatchResult::group)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it on a table that it makes. */
    static MeasuredService startOnTable(
            String table, BacklogTopic topic, BenchSettings settings, Map<String, String> own) {
        Map<String, String> all = new HashMap<>(own);
        all.put("parley.table.name", table);
        all.put("parley.table.mode", "create");
        return start(topic, settings, List.of("-Xmx512m"), all);
    }

    /** Starts it in a small heap, on a store that takes no time. */
    static MeasuredService startOnStub(
            StubDynamoDb stub,
            BacklogTopic topic,
            BenchSettings settings,
            GcLog log,
            Map<String, String> own) {
        Map<String, String> all = new HashMap<>(stub.settings());
        all.putAll(own);
        return start(topic, settings, List.of("-Xmx256m", log.option()), all);
    }

    /** Records that are done with and CPU time used since the start. */
    record Sample(long nanos, long settled, Duration cpu) {

        Rate since(Sample before) {
            double records = settled - before.settled;
            return new Rate(
                    records / ((nanos - before.nanos) / 1e9),
                    records / (cpu.minus(before.cpu).toNanos() / 1e9));
        }
    }

    /** Records by second, and by second of CPU time that the service used. */
    record Rate(double perSecond, double perCpuSecond) {}

    /** Where it stands now; no record is done with before it is up. */
    Sample sample() {
        Duration cpu = cpu();
        return new Sample(System.nanoTime(), settled(), cpu);
    }

    /** CPU time that it has used since its start, but for its JIT compilers. */
    Duration cpu() {
        return cpu.used();
    }

    /** The same with its compilers: what whoever runs it pays for. */
    Duration allCpu() {
        return cpu.all();
    }

    URI uri(String path) {
        return process.uri(path);
    }

    private long settled() {
        try {
            return process.get("/q/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("parley_records_total"))
                    .mapToLong(MeasuredService::applied)
                    .sum();
        } catch (IOException e) {
            if (!process.handle().isAlive()) {
                throw new IllegalStateException("the service has ended:\n" + process.output(), e);
            }
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A run in which anything else became of a record measures something else. */
    private static long applied(String line) {
        long count = (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        if (count > 0 && !line.contains("outcome=\"applied\"")) {
            throw new IllegalStateException("not applied: " + line);
        }
        return count;
    }

    /**
     * Waits until that many records are done with.
     *
     * @return samples meanwhile
     * @throws IllegalStateException if it takes longer than that
     */
    List<Sample> awaitSettled(long records, Duration atMost) throws InterruptedException {
        List<Sample> samples = new ArrayList<>();
        long end = System.nanoTime() + atMost.toNanos();
        do {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "%s of %d records after %s:%n%s"
                                .formatted(samples.getLast(), records, atMost, process.output()));
            }
            Thread.sleep(BETWEEN_SAMPLES);
            samples.add(sample());
        } while (samples.getLast().settled() < records);
        return samples;
    }

    long pid() {
        return process.handle().pid();
    }

    String output() {
        return process.output();
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        process.terminate();
        try {
            process.awaitExit(TO_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.close();
        }
    }
}
