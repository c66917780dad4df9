package dev.parley.bench;

import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.local.ServicePackage;
import dev.parley.local.ServiceProcess;
import dev.parley.support.Metrics;
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

/** Runs the packaged service in its own process, and reads its counters and its CPU time. */
final class MeasuredService implements AutoCloseable {

    private static final Path POD_SETTINGS = Path.of("k8s", "base", "parley.env");
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");

    /** Each sample reads all metrics, which takes milliseconds of CPU time. */
    private static final Duration BETWEEN_SAMPLES = Duration.ofMillis(500);

    /** It is long, because a service that writes an AOT cache does so when it ends. */
    private static final Duration EXIT_TIMEOUT = Duration.ofMinutes(2);

    private final ServiceProcess process;
    private final CpuTime cpu;
    private final Thread shutdownHook;

    private MeasuredService(ServiceProcess process) {
        this.process = process;
        this.cpu = CpuTime.of(process.handle());
        this.shutdownHook = new Thread(process::close);
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /**
     * Starts the service on a topic.
     *
     * @param overrides more configuration; the settings of the run have precedence
     */
    static MeasuredService start(
            BacklogTopic topic,
            BenchSettings settings,
            List<String> jvm,
            Map<String, String> overrides) {
        return start(ServicePackage.jar(), topic, settings, jvm, overrides);
    }

    /** Starts the service from the given package. */
    static MeasuredService start(
            ServicePackage servicePackage,
            BacklogTopic topic,
            BenchSettings settings,
            List<String> jvm,
            Map<String, String> overrides) {
        Map<String, String> configuration = new HashMap<>(topic.settings());
        configuration.put("parley.table.retention", "36500d");
        configuration.putAll(overrides);
        configuration.putAll(settings.service());
        List<String> options = new ArrayList<>(jvm);
        options.addAll(settings.jvm());
        if (options.stream().noneMatch(COLLECTOR.asMatchPredicate())) {
            options.add(deployedCollector());
        }
        return new MeasuredService(
                ServiceProcess.start(
                        servicePackage,
                        LocalInfrastructureProcess.shared(),
                        configuration,
                        options));
    }

    /** Returns the option for the garbage collector that the pods use. */
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

    /** Starts the service on a new table, which it creates. */
    static MeasuredService startOnTable(
            String table,
            BacklogTopic topic,
            BenchSettings settings,
            Map<String, String> overrides) {
        Map<String, String> configuration = new HashMap<>(overrides);
        configuration.put("parley.table.name", table);
        configuration.put("parley.table.mode", "create");
        return start(topic, settings, List.of("-Xmx512m"), configuration);
    }

    /** Starts the service in a small heap, on a store that answers at once. */
    static MeasuredService startOnStub(
            StubDynamoDb stub,
            BacklogTopic topic,
            BenchSettings settings,
            GcLog log,
            Map<String, String> overrides) {
        Map<String, String> configuration = new HashMap<>(stub.settings());
        configuration.putAll(overrides);
        return start(topic, settings, List.of("-Xmx256m", log.option()), configuration);
    }

    /** The settled records and the used CPU time since the start of the service. */
    record Sample(long nanos, long settled, Duration cpu) {

        Rate since(Sample before) {
            double records = settled - before.settled;
            return new Rate(
                    records / ((nanos - before.nanos) / 1e9),
                    records / (cpu.minus(before.cpu).toNanos() / 1e9));
        }
    }

    /** Records per second, and per second of CPU time. */
    record Rate(double perSecond, double perCpuSecond) {}

    /** Takes a sample now. Before the service is up, no record is settled. */
    Sample sample() {
        Duration cpu = cpu();
        return new Sample(System.nanoTime(), settled(), cpu);
    }

    /**
     * Returns the CPU time that the service has used since its start, without its JIT compilers.
     */
    Duration cpu() {
        return cpu.used();
    }

    /** Returns the CPU time with its JIT compilers. An operator pays for that. */
    Duration allCpu() {
        return cpu.all();
    }

    URI uri(String path) {
        return process.uri(path);
    }

    /** Returns the value of a metric; 0 before the service has it. */
    double metric(String name) throws InterruptedException {
        try {
            String metrics = process.get("/q/metrics").body();
            return metrics.contains(name) ? Metrics.of(metrics).value(name) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Ends the process at once, as a crash does. */
    void kill() {
        process.close();
    }

    private long settled() {
        try {
            return process.get("/q/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("parley_records_total"))
                    .mapToLong(MeasuredService::appliedRecords)
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

    /**
     * Returns the count of applied records in a line. Fails if records have another outcome,
     * because the figures would then measure something else.
     */
    private static long appliedRecords(String line) {
        long count = (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        if (count > 0 && !line.contains("outcome=\"applied\"")) {
            throw new IllegalStateException("records were not applied: " + line);
        }
        return count;
    }

    /**
     * Waits until that many records are settled.
     *
     * @return the samples that were taken meanwhile
     * @throws IllegalStateException if it takes longer than {@code timeout}
     */
    List<Sample> awaitSettled(long records, Duration timeout) throws InterruptedException {
        List<Sample> samples = new ArrayList<>();
        long end = System.nanoTime() + timeout.toNanos();
        do {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "%s, but %d records were expected after %s:%n%s"
                                .formatted(samples.getLast(), records, timeout, process.output()));
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
        Runtime.getRuntime().removeShutdownHook(shutdownHook);
        process.terminate();
        try {
            process.awaitExit(EXIT_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.close();
        }
    }
}
