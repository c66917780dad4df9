package dev.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.e2e.LivenessWatch;
import dev.parley.local.LocalInfrastructureProcess.Addresses;
import dev.parley.local.ServiceProcess;
import dev.parley.support.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An instance of the packaged service, which has to be alive until it is ended. */
final class Instance implements AutoCloseable {

    private static final Path LOGS = Path.of("target", "chaos");
    private static final String HEAP = "-Xmx256m";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** The exit code of a JVM that was terminated. */
    private static final int TERMINATED = 143;

    /**
     * The broker's shortest session: so long does a killed instance keep its partitions. Commits
     * and retries come sooner than in production too, so that more happens in less time.
     */
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "parley.table.mode", "create",
                    "mp.messaging.incoming.turns.session.timeout.ms", "6000",
                    "mp.messaging.incoming.turns.heartbeat.interval.ms", "1000",
                    "mp.messaging.incoming.turns.auto.commit.interval.ms", "1000",
                    "parley.ingest.retry-longest", "2s");

    private final ServiceProcess process;
    private final LivenessWatch watch;
    private final Path log;

    private Instance(ServiceProcess process, LivenessWatch watch, Path log) {
        this.process = process;
        this.watch = watch;
        this.log = log;
    }

    /** Starts one and waits until it is alive. */
    static Instance start(int number, Addresses addresses, List<String> jvmOptions) {
        Path log = LOGS.resolve("service-%d.log".formatted(number));
        ServiceProcess process = ServiceProcess.start(addresses, SETTINGS, withHeap(jvmOptions));
        try {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> process.get("/q/health/live").statusCode() == 200);
            return new Instance(process, new LivenessWatch(process.uri("/q/health/live")), log);
        } catch (RuntimeException e) {
            process.close();
            keep(process, log);
            throw e;
        }
    }

    private static List<String> withHeap(List<String> jvmOptions) {
        return Stream.concat(jvmOptions.stream(), Stream.of(HEAP)).toList();
    }

    /** As {@code kill -9} does. */
    void kill() {
        try {
            watch.close();
        } finally {
            close();
        }
    }

    /** As Kubernetes does; it has to end in order. */
    void terminate() throws InterruptedException {
        try {
            watch.close();
            process.terminate();
            assertThat(process.awaitExit(PATIENCE)).isEqualTo(TERMINATED);
        } finally {
            close();
        }
    }

    /** It has settled all that it received; one that received nothing yet counts nothing yet. */
    void assertEachRecordCountedOnce() throws IOException, InterruptedException {
        Metrics metrics = Metrics.of(process.get("/q/metrics").body());
        double settled = metrics.records().values().stream().mapToDouble(Double::doubleValue).sum();
        assertThat(metrics.values().getOrDefault("parley_records_in_flight", 0.0))
                .as("records in flight")
                .isZero();
        assertThat(settled)
                .as("records counted by outcome, of those received")
                .isEqualTo(metrics.values().getOrDefault("parley_records_received_total", 0.0));
    }

    private static void keep(ServiceProcess process, Path log) {
        try {
            Files.createDirectories(LOGS);
            Files.writeString(log, process.output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.close();
        keep(process, log);
    }
}
